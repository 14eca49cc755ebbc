"""Hashes of passwords, as systems keep them: whoever has one may guess the password at leisure."""

from __future__ import annotations

from pipelines.detector import Detector

PASSWORD_HASH = Detector(
    family="keys",
    name="password_hash",
    entity="PASSWORD",
    pattern=(
        r"(?P<found>\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"
        r"|\$(?:5|6|y|7|scrypt)\$[./A-Za-z0-9=,$]{1,60}\$[./A-Za-z0-9]{43,86}"
        r"|\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{8,64}\$[A-Za-z0-9+/]{20,100}"
        r"|pbkdf2_sha(?:1|256|512)\$\d+\$[A-Za-z0-9]{8,40}\$[A-Za-z0-9+/]{27,90}={0,2})"
        r"(?:$|[^A-Za-z0-9./])"
    ),
    score=0.95,
    source="crypt(5); the PHC string format; Django's password hashers",
    examples=(
        "ada:$2b$12$GhvMmNVjRW29ulnudl.LbuAnUtN/LRfe1JsBm1Xu6LE3059z5Tr8m",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b6p1FrNs3Jk",
        "root:$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/:",
    ),
    counterexamples=("$2b$12$tooshort", "costs $6$ or $7$", "${2b}"),
)
