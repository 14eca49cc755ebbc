"""Fields that say that a secret stands in them."""

from __future__ import annotations

import re

from pipelines.detector import NamedField

_LEAST_KEY, _LEAST_KINDS = 8, 5
_LEAST_PASSWORD = 3
_NUMERIC = re.compile(r"-?\d{1,7}(?:\.\d+)?")
_PIN = re.compile(r"\d{3,8}")
_SECURITY_CODE = re.compile(r"\d{3,4}")


def _is_password(value: str) -> bool:
    return len(value) >= _LEAST_PASSWORD


def _is_pin(value: str) -> bool:
    return _PIN.fullmatch(value) is not None


def _is_key(value: str) -> bool:
    bare = value.removeprefix("Bearer ").removeprefix("Basic ").removeprefix("Token ")
    return (
        len(bare) >= _LEAST_KEY
        and len(set(bare)) >= _LEAST_KINDS
        and not any(one.isspace() for one in bare.strip())
        and _NUMERIC.fullmatch(bare) is None
        and not bare.startswith(("http://", "https://", "/", "./"))
    )


def _is_security_code(value: str) -> bool:
    return _SECURITY_CODE.fullmatch(value) is not None


PASSWORD_FIELD = NamedField(
    entity="PASSWORD",
    names=(
        "password", "passwd", "pwd", "passphrase", "pass phrase", "pass word", "passcode",
        "pass code", "pw", "psw", "pass", "passwords", "user password", "db password",
        "old password", "new password", "password confirmation", "confirm password", "user pass",
        "userpass", "login password", "passwort", "kennwort", "passwrt", "losung", "geheimwort",
        "mot de passe", "motdepasse", "mdp", "contrasena", "contraseña", "clave",
        "clave de acceso", "clave acceso", "parola", "parola d ordine", "parola chiave", "senha",
        "palavra passe", "wachtwoord", "haslo", "hasło", "lösenord", "losenord", "adgangskode",
        "passord", "salasana", "heslo", "sifre", "şifre", "jelszo", "пароль", "密码", "密碼",
        "パスワード", "비밀번호", "security answer", "secret answer", "recovery phrase",
        "seed phrase", "mnemonic", "seed words", "seedwords", "recovery words", "backup phrase",
        "contrasenia", "contrasenya", "wachtwrd", "wachtw", "senha app", "pass wd", "smtp pw",
        "db pw", "user pw", "account password", "wifi password", "wifi key", "psk",
        "passwort neu", "kodeord", "sandi", "kata sandi", "mat khau", "geslo", "lozinka",
        "kodikos", "пароль пользователя", "סיסמה", "كلمة المرور", "รหัสผ่าน", "पासवर्ड", "口令",
        "dbpassword", "dbpass", "dbpwd", "dbpasswd", "mypassword", "userpassword", "rootpassword",
        "adminpassword", "sshpass", "pgpassword",
    ),
    accept=_is_password,
    score=1.0,
)  # fmt: skip
PIN_FIELD = NamedField(
    entity="PASSWORD",
    names=(
        "pin", "pin number", "card pin", "otp", "otp code", "one time password",
        "verification code", "mfa code", "totp", "auth code", "sms code", "tan", "geheimzahl",
    ),
    accept=_is_pin,
    score=0.95,
)  # fmt: skip
KEY_FIELD = NamedField(
    entity="API_KEY",
    names=(
        "api key", "apikey", "api secret", "apisecret", "api token", "apitoken", "access key",
        "accesskey", "access key id", "secret key", "secretkey", "secret access key", "secret",
        "secrets", "client secret", "clientsecret", "app secret", "appsecret", "app key",
        "appkey", "shared secret", "consumer secret", "consumer key", "token", "access token",
        "accesstoken", "auth token", "authtoken", "refresh token", "refreshtoken", "id token",
        "session token", "sessiontoken", "bearer", "bearer token", "authorization",
        "proxy authorization", "x api key", "private key", "privatekey", "signing key",
        "priv key", "privkey",
        "signing secret", "encryption key", "master key", "webhook secret", "deploy key",
        "license key", "credential", "credentials", "api credentials", "service key",
        "account key", "storage key", "sas token", "personal access token", "pat", "bot token",
        "push token", "device token", "jwt", "jwt token", "sess tok", "session tok", "api tok",
        "auth tok", "access tok", "csrf secret", "jwt secret", "jwt key", "jwt signing key",
        "s3 secret key", "secret access", "service account key", "pem key", "ssh key",
        "signing token", "fcm token", "apns token", "oauth token", "session key", "schluessel",
        "geheimnis", "zugangstoken", "api schluessel", "jeton", "cle api", "cle secrete",
        "clave api", "clave secreta", "chiave api", "chiave segreta", "chave api",
        "chave secreta", "sleutel", "klucz api", "hmac secret", "hmac key", "aes key",
        "secret token", "auth", "auth key", "authkey", "registration token", "nonce secret",
        "cookie secret", "passkey", "security token", "security key",
    ),
    accept=_is_key,
    score=0.9,
)  # fmt: skip
SECURITY_CODE_FIELD = NamedField(
    entity="CREDIT_CARD",
    names=(
        "cvv", "cvc", "cvv2", "cvc2", "cvn", "cid code", "card security code", "security code",
        "card verification value", "card code", "kartenpruefnummer", "pruefziffer karte",
    ),
    accept=_is_security_code,
    score=0.9,
)  # fmt: skip
SECRET_FIELDS = (PASSWORD_FIELD, PIN_FIELD, KEY_FIELD, SECURITY_CODE_FIELD)
