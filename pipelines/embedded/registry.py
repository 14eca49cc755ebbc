"""EmbeddedRegistry: Apicurio Registry on loopback, with Confluent's API, in memory."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import httpx

from pipelines.embedded.java import JavaProcess, Say, free_ports, silent, temporary_folder
from pipelines.errors import ConfigError

VERSION = "3.3.3"

_READY_SECONDS = 90.0
_JVM = ("-Xmx400m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class EmbeddedRegistry:
    """One schema registry. A context manager.

    Attributes:
        url: Base URL of Confluent's API; stays the same over restarts. Schemas do not.
    """

    def __init__(
        self,
        say: Say = silent,
        *,
        user: str | None = None,
        password: str | None = None,
        certificate: Path | None = None,
        private_key: Path | None = None,
    ) -> None:
        """Choose a port; nothing is started.

        Args:
            say: Takes lines of progress.
            user: Ask for basic authentication with this user.
            password: The user's password.
            certificate: Serve TLS with this PEM certificate.
            private_key: The certificate's key, PEM.
        """
        self._port, self._tls_port = free_ports(2)
        self._tls = certificate is not None
        scheme, port = ("https", self._tls_port) if self._tls else ("http", self._port)
        self.url = f"{scheme}://127.0.0.1:{port}/apis/ccompat/v7"
        self._say = say
        self._temporary = temporary_folder("registry")
        self._process: JavaProcess | None = None
        self._options = [
            "-Dquarkus.http.host=127.0.0.1",
            f"-Dquarkus.http.port={self._port}",
            "-Dquarkus.log.level=WARN",
        ]
        if user is not None:
            users = "-Dquarkus.security.users.embedded"
            self._options += [
                "-Dquarkus.http.auth.basic=true",
                f"{users}.enabled=true",
                f"{users}.plain-text=true",
                f"{users}.users.{user}={password}",
                f"{users}.roles.{user}=sr-admin",
                "-Dquarkus.http.auth.permission.all.paths=/apis/*",
                "-Dquarkus.http.auth.permission.all.policy=authenticated",
            ]
        if self._tls:
            self._options += [
                f"-Dquarkus.http.ssl.certificate.files={certificate}",
                f"-Dquarkus.http.ssl.certificate.key-files={private_key}",
                f"-Dquarkus.http.ssl-port={self._tls_port}",
                "-Dquarkus.http.insecure-requests=disabled",
            ]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start it; return when it answers.

        Raises:
            ConfigError: Java or the registry cannot be had, or it does not start.
        """
        jar = _unpacked(_bundle(self._say))
        self._say(f"starting Apicurio Registry {VERSION} on {self.url}")
        folder = Path(self._temporary.name)
        arguments: Sequence[str] = [*_JVM, *self._options, "-jar", str(jar)]
        self._process = JavaProcess("registry", arguments, folder)
        self._process.wait_ready(self._answers, _READY_SECONDS)

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
            # the certificate of a test is signed by nobody; only readiness is asked
            answer = httpx.get(f"{self.url}/subjects", verify=False, timeout=2)  # noqa: S501
        except httpx.HTTPError:
            return False
        return answer.status_code in (httpx.codes.OK, httpx.codes.UNAUTHORIZED)


def _bundle(say: Say) -> Path:
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigError(
            "the embedded registry needs jgo: `pip install 'clearwater[embedded]'`"
        ) from None
    say(f"resolving Apicurio Registry {VERSION} (fetched the first time only)")
    try:
        component = MavenContext().project("io.apicurio", "apicurio-registry-app")
        artifact = component.at_version(VERSION).artifact(classifier="all", packaging="tar.gz")
        return Path(artifact.resolve())
    except Exception as error:  # noqa: BLE001 - jgo documents no errors of its own
        raise ConfigError(
            f"Apicurio Registry cannot be had from the Maven registry: {type(error).__name__}"
        ) from None


def _unpacked(bundle: Path) -> Path:
    """Return the runnable jar of the bundle, unpacked beside it once."""
    target = bundle.parent / "unpacked"
    done = target / ".done"
    if not done.exists():
        with tarfile.open(bundle) as archive:
            archive.extractall(target, filter="data")
        done.touch()
    found = sorted(target.rglob("quarkus-run.jar"))
    if not found:
        raise ConfigError(f"{bundle} holds no quarkus-run.jar; remove it and try again")
    return found[0]
