from __future__ import annotations

import pytest

from pipelines.detectors.secret_in_text import SECRETS
from pipelines.detectors.secret_in_text.judge import is_given, is_key, is_password, speaks_about
from pipelines.detectors.url_credentials import URL_PASSWORD, URL_TOKEN
from pipelines.privacy.scan import Scan

SCAN = Scan((*SECRETS, URL_PASSWORD, URL_TOKEN))


@pytest.mark.parametrize(
    "text",
    [
        "SMTP_PASS=q8Zr!t4Lm",
        "DB_PASS: 'harbor9Tide'",
        '"privateToken": "Zk3pQ8vLw1Xy7Tn5Rb2M"',
        "<password>Xy9!ab-Delta</password>",
        '<add key="ApiKey" value="b7f2c9e1d4a84c3f9e6b5a2d" />',
        '<property name="hibernate.connection.password">s3cr3tPa55</property>',
        "mysql -u root -pT0psail99 shop",
        "mysqldump --user=root --password=T0psail99 shop",
        "redis-cli -h cache.internal -a Qw7zPl3xM9",
        'psql "host=db port=5432 user=app password=Ebb7flow dbname=shop"',
        "//registry.example.com/:_authToken=4f1c2d3e-5a6b-7c8d-9e0f-112233445566",
        "machine api.example.com login ada password n0rthW1nd",
        "db.internal:5432:shop:app:Sp1nnaker7",
        "jdbc:mysql://db.internal:3306/shop?user=root&password=Gunw4le99",
        "Server=tcp:db.internal,1433;Database=shop;User ID=app;Password=K33l-haul!;Encrypt=True;",
        "redis://:Jib5tay2026@cache.internal:6379/0",
        "amqp://worker:C4pstan@mq.internal:5672/",
        "mongodb+srv://app:Bow5prit@cluster0.example.net/shop",
        '{"auths": {"registry.example.com": {"auth": "YWRhOm4wcnRod2luZA=="}}}',
        "SECRET_KEY = 'django-insecure-8#k2v!q0z@x7m^p5w&n3b*j1h(g4f)d6s'",
        "secret_key_base: 9a8b7c6d5e4f30213243546576879809a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "define('DB_PASSWORD', 'Br0adside!7');",
        'os.environ["STRIPE_TOKEN"] = "tk93kfl20smvkq93mf"',
        'cfg.Password = "L33board2"',
        'conn.setPassword("M1zzenmast");',
        '.withToken("e7a1c5d9b3f2480697ab")',
        'secret_key = "Vx8q2Lr9Pz4Wm7Kt1Ny6"',
        "  password: c2VjcmV0UGFzczEyMw==",
        "X-Api-Key: 7d3f1b9c5a2e48d6b0f4",
        "X-Auth-Token: 9fjK2lQ8sP0vX3mR",
        "Cookie: sessionid=3h8fk2ls9dm4nv7qz1xw; theme=dark",
        "const apiKey = 'q3Lk9Vz7Xp2Rm5Tn8Wy1';",
        "git clone https://x-access-token:8sdf7KJh23kjhHJ9sdf8@github.example.com/a/b.git",
        '"client_secret": "GXv8Q~k2mZ1pL0sW9rT4yU7bN3cE6hJ5dF"',
        'token: "eb5f4a1c9d27386e0b4a"',
        "PGPASSWORD=F0resail9 psql -h db",
        "ENCRYPTION_KEY=base64:9fPq3LkV8zX2mR5tN7wY1bC4dE6gH0jK=",
        "ansible_become_pass: Lan7yard",
        "ansible_ssh_pass=Hal9yard!",
        "spring.datasource.password=T1ller-99",
        'admin_pw = "C0xswain"',
        "passwd='b1lge-Pump'",
        'login(user="ada", password="An0ther1!")',
        'requests.get(url, auth=("ada", "D3ckhand77"))',
        "sshpass -p 'H4lyard#1' ssh ada@host",
        "openssl enc -aes-256-cbc -k Sc4ntlings -in a",
        "htpasswd -b .htpasswd ada W1ndlass",
        "docker login -u ada -p Thw4rt2026 registry.example.com",
        'datadog_api_key: "0f1e2d3c4b5a69788796a5b4c3d2e1f0"',
        'oauth_consumer_secret="Kd8Lp2Qx9Vz4"',
        "API_SECRET=abc123def456ghi789",
        "twilio.authToken=3f9a1c7e5b2d48609f8e7d6c5b4a3921",
        "JWT_SECRET=keep-it-Secret-42x",
        "hmac_secret => 'u8Tz3Vq9'",
        "ftp_pass=gr4pnel",
        'wifi psk="St4rboard-lamp"',
        "passphrase: correct horse battery staple",
    ],
)
def test_a_secret_of_a_configuration_is_found(text: str) -> None:
    assert SCAN.find(text)


@pytest.mark.parametrize(
    "text",
    [
        'password = input("Password: ")',
        "password: Optional[str] = None",
        "self.password = password",
        "if password != confirm_password:",
        "def set_password(self, password):",
        "token = tokenizer.next_token()",
        'key = f"user:{user_id}"',
        'api_key = os.getenv("API_KEY")',
        "api_key: ${{ secrets.API_KEY }}",
        'SECRET_KEY = env("SECRET_KEY")',
        "password=%(password)s",
        'cache_key = "orders:v2:summary"',
        'primary_key = "customer_id"',
        "partition.key=user_id_hash_v2",
        'sort_key="created_at_desc_1"',
        'public_key = "ssh-rsa"',
        "KeyError: 'customer_1234_name'",
        "key: kubernetes.io/hostname",
        "tokenUrl: https://auth.example.com/oauth2/token",
        'token_type: "urn:ietf:params:oauth:token-type:jwt"',
        '"access_token_lifetime": 3600000',
        "password_min_length = 12",
        "password_hash_algorithm: argon2id-v13",
        "author = pallets1234",
        'auth_method = "kubernetes-v1-jwt"',
        "git commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "commit: 9fceb02d0ae598e95dc970b74767f19372d61af8",
        'etag: "5d8c72a5edda8d6a6f4e3b2a1c0d9e8f"',
        '"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
        "integrity: sha512-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg==",
        'checksum = "b7f2c9e1d4a84c3f9e6b5a2d0f1e2d3c4b5a6978"',
        "request_id=7f3c9a7b1d2e4f5a9b8c0d1e2f3a4b5c",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "session duration: 3600s",
        "cursor: eyJpZCI6MTIzfQ",
        "nextPageToken: null",
        "foreign_key: fk_orders_customers_2",
        "keyboard: logitech-k380-us",
        "monkey=banana1234567",
        "turkey: istanbul34ank",
        "keyframe_42: 'slide-in-01x'",
        "passed: 124, failed: 3",
        "passenger: A12B34",
        'compass = "north-east-14b"',
        "bypass=true1",
        "pass: 1234 tests",
        'secretary: "Room 12B, 3rd"',
        'key_id = "projects/p1/locations/global/keyRings/r1"',
        "token_count=128, max_tokens=4096",
        "Mozilla/5.0 (X11; Linux x86_64) token/1.2.3-beta45",
        "at com.example.auth.TokenFilter.doFilter(TokenFilter.java:123)",
        '  File "auth.py", line 42, in get_token_v2',
        'public static final String KEY = "order.retry.count.v2";',
        "<key>CFBundleShortVersionString2</key>",
        '"apiVersion": "rbac.authorization.k8s.io/v1"',
        "authorization: enabled-v2beta1",
        'private_key_path = "/etc/ssl/private/key1.pem"',
        "-p 8080:8080 -u root",
        "mkdir -p build2/output1",
        '"secretName": "tls-cert-prod-2024"',
        "secretKeyRef: {name: db-creds-v1, key: password}",
        "client_key_data_version: 20240501T1200",
        "key=AAAA1111BBBB",
        "auth_time=1772438400",
    ],
)
def test_code_that_speaks_of_secrets_is_quiet(text: str) -> None:
    assert SCAN.find(text) == []


@pytest.mark.parametrize("value", ["n0rthwind!", "Tide7-harbour", "b1lge-Pump", "q8Zr!t4Lm"])
def test_a_password_is_one(value: str) -> None:
    assert is_password(value)


@pytest.mark.parametrize("value", ["hunter", "None", "f()", "${PASS}", "2026-03-02", "12"])
def test_what_code_writes_is_no_password(value: str) -> None:
    assert not is_password(value)


@pytest.mark.parametrize("value", ["9f8a7c6b5d4e3f2a1b0c", "u8Tz3Vq9", "Ab3cDe5FgH7iJkL9mNoP"])
def test_a_key_is_one(value: str) -> None:
    assert is_key(value)


@pytest.mark.parametrize("value", ["pallets1234", "orders.retry.v2", "tls-cert-2024", "a" * 40])
def test_words_with_numbers_are_no_key(value: str) -> None:
    assert not is_key(value)


def test_a_name_may_speak_about_the_secret() -> None:
    assert speaks_about("_length")
    assert speaks_about("PolicyName")
    assert not speaks_about("_prod_2")


def test_a_variable_given_to_a_command_is_no_secret() -> None:
    assert is_given("T0psail99")
    assert not is_given("$PASSWORD")
