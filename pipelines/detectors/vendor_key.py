"""API keys that carry their vendor's prefix: a table of shapes, one a line."""

from __future__ import annotations

from pipelines.detector import Detector
from pipelines.placeholder import is_placeholder

_ALPHABETS = {
    "h": "a-f0-9", "l": "a-z0-9", "u": "A-Z0-9", "n": "A-Za-z0-9", "w": r"A-Za-z0-9_\-",
    "j": r"A-Za-z0-9_\-.", "b": r"A-Za-z0-9+/_\-=", "g": "A-Za-z0-9_",
}  # fmt: skip
_SHAPES = """
1password ops_eyJ b 200 | adafruit aio_ n 28 | adobe p8e- n 32 | age AGE-SECRET-KEY-1 u 58
airtable patA j 70 | alibaba LTAI n 17 | anthropic sk-ant- w 40 | apify apify_api_ n 30
jfrog AKCp n 65 | jfrog cmVmdGtuOjAxO n 50 | atlassian ATATT3 b 60 | atlassian ATCTT3 b 60
atlassian ATBB n 28 | atlassian ATSTT3 b 60 | aws AKIA u 16 | aws ASIA u 16 | aws ABIA u 16
aws ACCA u 16 | aws A3T u 17
aws ABSK b 100 | aws bedrock-api-key- b 40 | baseten bst_ n 30 | brave BSA w 25 | brevo xkeysib- w 64
brevo xsmtpsib- w 64 | browserbase bb_live_ w 20 | buildkite bkua_ h 40 | buildkite bkct_ w 30
canva cnvca w 40 | cerebras csk- l 40 | circleci CCIPAT_ g 40 | circleci CCIPRJ_ g 40
clickhouse 4b1d n 38 | clickup pk_1 g 38 | clojars CLOJARS_ l 60 | cloudflare cfut_ n 30
cloudflare cfat_ n 30 | cloudflare v1.0- w 100 | coda coda_ w 30 | confluent cflt n 50
contentful CFPAT- w 40 | contentstack cs h 30 | convex prod: w 60 | crates cio n 32
databento db- n 29 | databricks dapi h 32 | databricks dkea h 32 | dbt dbtc_ w 30 | dbt dbtu_ w 30
definednet dnkey- w 50 | digitalocean dop_v1_ h 64 | digitalocean doo_v1_ h 64
digitalocean dor_v1_ h 64 | docker dckr_pat_ w 27 | docker dckr_oat_ w 27 | doppler dp.pt. n 40
doppler dp.ct. n 40 | doppler dp.st. j 40 | doppler dp.sa. n 40 | doppler dp.scim. n 40
doppler dp.audit. n 40 | dropbox sl.u. w 60 | dropbox sl. w 120 | duffel duffel_live_ w 40
duffel duffel_test_ w 40 | dynatrace dt0c01. j 80 | dynatrace dt0s16. j 60 | e2b e2b_ h 40
easypost EZAK n 54 | easypost EZTK n 54 | endor endr+ n 16 | facebook EAACEdEose0cBA n 20
facebook EAAG n 60 | facebook EAAM n 60 | facebook EAAC n 60 | fal fal_sk_ w 20 | figma figd_ w 36
figma figu_ w 36 | figma figo_ w 36 | firecrawl fc- h 32 | flutterwave FLWSECK_TEST- l 12
flutterwave FLWSECK- l 12 | flutterwave FLWPUBK_TEST- l 12 | flyio fo1_ w 43 | flyio fm1r_ b 80 | flyio fm1a_ b 80
flyio fm2_ b 80 | frameio fio-u- b 60 | fullstory na1. b 80 | gitea gta_ n 36 | github ghp_ n 36 | github gho_ n 36
github ghu_ n 36 | github ghs_ n 36 | github ghr_ n 36 | github github_pat_ g 40 | gitlab glpat- j 20
gitlab gldt- w 20 | gitlab glrt- w 20 | gitlab glrtr- w 20 | gitlab glcbt- w 20 | gitlab glft- w 20 | gitlab glptt- h 40
gitlab glsoat- w 20 | gitlab glagent- w 50 | gitlab glimt- w 25 | gitlab gloas- w 64 | gitlab glffct- w 20 | gitlab _gitlab_session= h 32
gitlab GR1348941 w 20 | gocardless live_ w 40 | google AIza w 35 | google GOCSPX- w 28
google ya29. w 20 | google 1//0 w 40 | google AQ.Ab w 40 | grafana glc_ b 32 | grafana glsa_ g 41 | grafana eyJrIjoi b 60
groq gsk_ n 40 | harness pat. j 40 | harness sat. j 40 | heroku HRKU- w 36 | honeycomb hcaik_ l 58 | honeycomb hcaic_ l 58 | honeycomb hcbik_ l 58
hubspot pat-na1- w 36 | hubspot pat-eu1- w 36 | hubspot pat-na2- w 36 | huggingface hf_ n 34 | huggingface api_org_ n 34
infisical st. j 60 | infracost ico- n 32 | inngest signkey-prod- h 32 | intra42 s-s4t2ud- h 64
intra42 s-s4t2af- h 64 | jina jina_ w 40 | langfuse sk-lf- w 30 | langsmith lsv2_pt_ g 40 | langsmith lsv2_sk_ g 40
launchdarkly sdk- w 36 | launchdarkly api- w 36 | linear lin_api_ n 40 | linear lin_oauth_ n 40
linear lin_wh_ n 30 | lob live_ h 35 | lob test_ h 35 | mailgun key- h 32 | mailgun pubkey- h 32 | mapbox sk.eyJ j 60
mapbox pk.eyJ j 60 | mercury mercury_production_ g 30 | mistral mis_ n 32 | mollie live_ n 30 | mollie test_ n 30 | mongodb mdb_sa_sk_ w 30
neon napi_ l 40 | netlify nfp_ n 36 | netlify nfc_ n 36 | netlify nfo_ n 36 | netlify nfb_ n 36 | newrelic NRAK- u 27
newrelic NRJS- h 19 | newrelic NRII- w 32 | newrelic NRIQ- w 30 | newrelic NRAL- w 30 | newrelic NRRA- h 40 | notion ntn_ n 40 | notion secret_ n 43
npm npm_ n 36 | nuget oy2 l 43 | nvidia nvapi- w 60 | octopus API- u 25 | okta SSWS w 40 | onfido api_live. j 30
onfido api_sandbox. j 30 | openai sk-proj- w 40 | openai sk-svcacct- w 40 | openai sk-admin- w 40
openai sk- n 32 | openai sess- n 40 | openrouter sk-or-v1- h 64 | openshift sha256~ w 43 | ory ory_at_ w 40
ory ory_pat_ w 30 | ory ory_st_ n 30 | packagist packagist_ort_ h 60 | packagist packagist_uut_ h 60 | paddle pdl_live_apikey_ g 40
paddle pdl_sdbx_apikey_ g 40 | perplexity pplx- n 40 | pinecone pcsk_ g 50 | plaid access-sandbox- w 36
plaid access-production- w 36 | plaid access-development- w 36 | planetscale pscale_tkn_ b 32 | planetscale pscale_pw_ b 32
planetscale pscale_oauth_ b 32 | polar polar_oat_ n 30 | polar polar_pat_ n 30 | posthog phx_ n 40 | posthog phc_ n 40 | postman PMAK- w 59
prefect pnu_ n 36 | prefect pnb_ n 36 | private-ai pai_ w 30 | pulumi pul- h 40 | pypi pypi-AgEIcHlwaS5vcmc w 50 | pypi pypi-AgENdGVzdC5weXBpLm9yZw w 50
razorpay rzp_live_ n 14 | razorpay rzp_test_ n 14 | readme rdme_ l 70 | render rnd_ n 28 | replicate r8_ n 37
resend re_ g 30 | retool retool_ n 26 | rubygems rubygems_ h 48 | sanity skE n 80 | scaleway SCW u 17 | scalingo tk-us- w 48 | scalr scalr- w 40 | segment sgp_ g 40
sendgrid SG. j 60 | sentry sntrys_ b 60 | sentry sntryu_ h 64 | sentry sntrya_ h 64 | settlemint sm_aat_ n 16
settlemint sm_pat_ n 16 | settlemint sm_sat_ n 16 | shippo shippo_live_ h 40 | shippo shippo_test_ h 40
shopify shpat_ n 32 | shopify shpca_ n 32 | shopify shppa_ n 32 | shopify shpss_ n 32 | shopify shptka_ n 32 | slack xoxb- w 10
slack xoxa- w 10 | slack xoxp- w 10 | slack xoxe- w 10 | slack xoxe.xoxp- w 40 | slack xoxe.xoxb- w 40 | slack xoxo- w 10 | slack xoxr- w 10 | slack xoxs- w 10 | slack xoxc- w 10 | slack xoxd- b 10
slack xapp- w 20 | sonar squ_ h 40 | sonar sqp_ h 40 | sonar sqa_ h 40 | sonar sqb_ h 40 | sourcegraph sgp_local_ n 40
sourcegraph sgd_ h 60 | sourcegraph slk_ h 60 | square sq0atp- w 22 | square sq0csp- w 43 | square EAAA w 60 | stripe sk_live_ n 10 | stripe sk_test_ n 10
stripe sk_prod_ n 10 | stripe rk_live_ n 10 | stripe rk_test_ n 10 | stripe rk_prod_ n 10 | stripe whsec_ b 24 | stytch secret-live- b 30
stytch secret-test- b 30 | stripe pk_live_ n 20 | stripe pk_test_ n 20 | sumologic suAA n 10 | supabase sbp_ h 40 | supabase sb_secret_ w 20 | tailscale tskey- w 20
tavily tvly- w 20 | tencent AKID n 32 | together tgp_v1_ w 40 | trello ATTA h 60 | trigger tr_prod_ n 20 | trigger tr_dev_ n 20 | twilio SK h 32
twilio AC h 32 | twitch oauth: l 30 | twitter AAAAAAAAAAAAAAAAAAAAA b 40 | typeform tfp_ j 50 | unkey unkey_ n 20 | upstash UPSTASH_ n 30 | val vtwn_ w 20 | vault hvs. w 24 | vault hvb. w 24 | vault hvr. w 24
vercel vcp_ n 24 | vercel vci_ n 24 | vercel vca_ n 24 | vercel vcr_ n 24 | vercel vck_ n 24 | voyage pa- w 40 | wandb wandb_v1_ g 40 | weights local- h 40
workos sk_live_ w 20 | xai xai- n 70 | xata xau_ n 40 | yandex AQVN w 35 | yandex t1. j 80 | yandex YCAJE w 35 | yandex YC w 38
yandex y0_ w 50 | zapier zap_ n 30 | zuplo zpka_ g 40 | instagram IGQV w 60 | kraken krkn_ w 40 | launchdarkly mob- w 36
"""  # noqa: E501 - one shape after the other
_OTHER_SHAPES = (
    r"(?:bot)?[0-9]{8,10}:AA[A-Za-z0-9_\-]{32,34}",  # Telegram bots
    r"[MNO][A-Za-z0-9_\-]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,40}",  # Discord bots
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-]{60,70}",  # Terraform Cloud
    r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}",  # Microsoft Entra ID
    r"A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}-(?:[A-Z0-9]{5}-?){3,4}[A-Z0-9]{0,5}",  # 1Password secret keys
    r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}",  # Airtable
    r"[a-f0-9]{32}-us[0-9]{1,2}",  # Mailchimp
    r"[0-2]/[0-9]{13,17}(?:/[0-9]{13,17})?:[a-f0-9]{32}",  # Asana
    r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk",  # MaxMind
    r"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}",  # PayPal Braintree
    r"amzn\.mws\.[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}",  # Amazon MWS
    r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,}",  # Salesforce sessions
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_]{20,255}",
    r"[a-z0-9\-]{1,40}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/\-]{60,255}",
    r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_\-]{60,80}",
    r"[0-9a-f]{32}@[a-z0-9.]{0,20}ingest\.sentry\.io",
    r"AccountKey=[A-Za-z0-9+/]{60,100}={0,2}",  # Azure storage connection strings
    r"SharedAccessKey=[A-Za-z0-9+/]{30,100}={0,2}",  # Azure service bus connection strings
)
_LEAST_KINDS = 6
_ENOUGH = 10  # characters of a candidate's body: what is shorter is no key


def _rows() -> list[tuple[str, str, int]]:
    """Return prefix, alphabet and least length of each shape."""
    written = (row.split() for line in _SHAPES.strip().split("\n") for row in line.split(" | "))
    return [(prefix, _ALPHABETS[code], int(least)) for _, prefix, code, least in written]


def _escaped(prefix: str) -> str:
    return "".join("\\" + one if one in ".+$" else one for one in prefix)


def _is_key(candidate: str) -> float:
    """Refuse what is too short for its shape, words that begin like a key, and placeholders."""
    leasts = [least + len(start) for start, _, least in ROWS if candidate.startswith(start)]
    if leasts and len(candidate) < min(leasts):
        return 0.0
    body = max(candidate.replace("_", "-").replace(".", "-").split("-"), key=len)
    told = any(one.isdigit() for one in candidate) and len(set(body)) >= _LEAST_KINDS
    return 1.0 if told and not is_placeholder(body) else 0.0


def example(prefix: str, alphabet: str, least: int) -> str:
    """Return a made-up key of a shape."""
    seed = "3f1c9a7be04d2586" if alphabet == "a-f0-9" else "7QK3ZP9RW2"
    seed = "q7k3zp9rw2x8" if alphabet == "a-z0-9" else seed
    return prefix + (seed * (least // len(seed) + 1))[:least]


ROWS = _rows()
"""Prefix, alphabet and least length of the body of each shape."""


def _shapes(least: int, more: str) -> str:
    """Return the prefixes, each with the first characters of a key: how many tells `accept`."""
    return "|".join(
        f"(?:{'|'.join(_escaped(start) for start, code, _ in ROWS if code == alphabet)})"
        f"[{alphabet}]{{{least}{more}}}"
        for alphabet in _ALPHABETS.values()
    )


VENDOR_KEY = Detector(
    family="keys",
    name="vendor_key",
    entity="API_KEY",
    pattern=rf"(?:^|[^A-Za-z0-9_\-])(?P<found>{_shapes(_ENOUGH, ',')}|{'|'.join(_OTHER_SHAPES)})",
    accept=_is_key,
    score=1.0,
    source="the vendors' documentation of their token formats",
    examples=tuple(f"key {example(*row)} here" for row in ROWS[::40]),
    counterexamples=(
        "AKIA1234", "xAKIAIOSFODNN7EXAMPLE", "ghp_short", "ghp_" + "x" * 36, "xoxz-123456789012",
        "sk_test_short", "task_live_1234567890abcdef", "AIzaShort", "pat-na1-", "sk-",
    ),
    quick=rf"(?:^|[^A-Za-z0-9_\-])(?:{_shapes(4, '')}|{'|'.join(_OTHER_SHAPES)})",
)  # fmt: skip
