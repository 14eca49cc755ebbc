import socket

from pipelines.embedded.loopback import HOST, answers, free_ports


def test_free_ports_are_different_and_can_be_bound() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        with socket.socket() as one:
            one.bind((HOST, port))


def test_a_port_answers_while_something_listens_on_it() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert answers(port)
    assert not answers(port)
