"""EmbeddedRegistry: Apicurio Registry on loopback, with Confluent's API, in memory."""

from __future__ import annotations

import shutil
import ssl
import tarfile
import tempfile
from pathlib import Path
from typing import Self

import httpx

from pipelines.embedded.java import Say, artifact, cache_folder, silent
from pipelines.embedded.java_process import JavaProcess
from pipelines.embedded.loopback import HOST, free_ports
from pipelines.errors import ConfigError

VERSION = "3.3.3"

_READY_SECONDS = 180.0
_ANSWER_SECONDS = 5.0
_JVM = ("-Xmx400m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")


class EmbeddedRegistry:
    """One schema registry on loopback, compatibility BACKWARD as Confluent's. A context manager.

    Attributes:
        url: Base URL of Confluent's API; stays the same over restarts. Schemas do not.
    """

    def __init__(
        self,
        say: Say = silent,
        *,
        user: str | None = None,
        password: str = "",
        certificate: Path | None = None,
        private_key: Path | None = None,
    ) -> None:
        """Choose a port; nothing is started.

        Args:
            say: Takes lines of progress.
            user: Ask for basic authentication with this user.
            password: The user's password.
            certificate: Serve TLS only, with this PEM certificate.
            private_key: The certificate's key, PEM.
        """
        port, tls_port, management = free_ports(3)
        scheme, shown = ("https", tls_port) if certificate else ("http", port)
        self.url = f"{scheme}://{HOST}:{shown}/apis/ccompat/v7"
        self._say = say
        self._temporary = tempfile.TemporaryDirectory(
            prefix="clearwater-registry-", ignore_cleanup_errors=True
        )
        self._process: JavaProcess | None = None
        self._properties = {
            "quarkus.http.host": HOST,
            "quarkus.http.port": str(port),
            "quarkus.management.host": HOST,
            "quarkus.management.port": str(management),
            "quarkus.log.level": "WARN",
        }
        self._login = None if user is None else (user, password)
        if user is not None:
            self._properties |= _basic_authentication(user, password)
        if certificate is not None:
            self._properties |= {
                "quarkus.http.ssl.certificate.files": str(certificate.absolute()),
                "quarkus.http.ssl.certificate.key-files": str(
                    (private_key or certificate).absolute()
                ),
                "quarkus.http.ssl-port": str(tls_port),
                "quarkus.http.insecure-requests": "disabled",
            }

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it, or start an empty one at the same address; return when it answers.

        Raises:
            ConfigError: Java or the registry cannot be had, or it does not start.
        """
        if self._process is not None and self._process.is_running:
            return
        jar = _runnable(self._say)
        folder = Path(self._temporary.name)
        # a file, not the command line: a password is no argument for all to read
        config = folder / "config" / "application.properties"
        config.parent.mkdir(exist_ok=True, mode=0o700)
        escaped = {name: value.replace("\\", "\\\\") for name, value in self._properties.items()}
        lines = "".join(f"{name}={value}\n" for name, value in escaped.items())
        config.write_text(lines, encoding="utf-8")
        self._say(f"starting Apicurio Registry {VERSION} on {self.url}")
        self._process = JavaProcess("registry", [*_JVM, "-jar", str(jar)], folder)
        self._process.wait_ready(self._answers, _READY_SECONDS)
        self._ask("PUT", "/config", {"compatibility": "BACKWARD"}).raise_for_status()

    @property
    def pid(self) -> int:
        """The process id; 0 before it is started."""
        return 0 if self._process is None else self._process.pid

    def stop(self) -> None:
        """End it; `start` starts an empty one at the same address."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it and remove its data."""
        self.stop()
        self._temporary.cleanup()

    def _answers(self) -> bool:
        try:
            return self._ask("GET", "/subjects").is_success
        except httpx.HTTPError:
            return False

    def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        with httpx.Client(auth=self._login, verify=_anyone(), timeout=_ANSWER_SECONDS) as client:
            return client.request(method, f"{self.url}{path}", json=body)


def _basic_authentication(user: str, password: str) -> dict[str, str]:
    users = "quarkus.security.users.embedded"
    return {
        "quarkus.http.auth.basic": "true",
        f"{users}.enabled": "true",
        f"{users}.plain-text": "true",
        f"{users}.users.{user}": password,
        f"{users}.roles.{user}": "sr-admin",
        "quarkus.http.auth.permission.all.paths": "/apis/*",
        "quarkus.http.auth.permission.all.policy": "authenticated",
    }


def _anyone() -> ssl.SSLContext:
    """Trust whoever answers: only readiness is asked, of a process of our own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _runnable(say: Say) -> Path:
    """Return the registry's runnable jar, fetched and unpacked the first time only."""
    unpacked = cache_folder() / f"apicurio-registry-{VERSION}"
    if not unpacked.is_dir():
        say(f"fetching Apicurio Registry {VERSION} (the first time only)")
        group, name = "io.apicurio", "apicurio-registry-app"
        bundle = artifact(group, name, VERSION, classifier="all", packaging="tar.gz")
        _unpack(bundle, unpacked)
    for jar in unpacked.rglob("quarkus-run.jar"):
        return jar
    raise ConfigError(f"{unpacked} holds no quarkus-run.jar; remove it and try again")


def _extract(archive: tarfile.TarFile, target: Path) -> None:
    """Write files and folders, none outside of the target.

    Not by `extractall`: its filters came with Python 3.11.4, and without one it warns from 3.12 on.

    Raises:
        tarfile.TarError: It holds something else.
    """
    root = target.resolve()
    for member in archive:
        path = (root / member.name).resolve()
        if not path.is_relative_to(root) or not (member.isfile() or member.isdir()):
            raise tarfile.ExtractError
        content = archive.extractfile(member)
        (path if content is None else path.parent).mkdir(parents=True, exist_ok=True)
        if content is not None:
            with content, path.open("wb") as file:
                shutil.copyfileobj(content, file)


def _unpack(bundle: Path, target: Path) -> None:
    """Unpack beside the target and rename, so that the target is whole or not there."""
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        with tarfile.open(bundle) as archive:
            _extract(archive, partial)
        partial.replace(target)
    except (OSError, tarfile.TarError) as error:
        if not target.is_dir():  # another process may have been faster
            raise ConfigError(f"{bundle.name} cannot be unpacked: {type(error).__name__}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
