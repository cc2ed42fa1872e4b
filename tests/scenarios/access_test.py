"""Access, with the real binary: accounts and keys by the command line, TLS with its reload, and who may listen where."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import unittest
import unittest.mock
import urllib.error
import urllib.request

import process_test
from process_test import PATIENCE, daybook

PASSWORD = "a long enough one\n"


class AccessTest(unittest.TestCase):
    setUp = process_test.ProcessTest.setUp
    end_servers = process_test.ProcessTest.end_servers
    serve = process_test.ProcessTest.serve
    path = process_test.ProcessTest.path

    def ask(self, url, key=None, body=None):
        request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def where(self):
        return ["--data", self.data]

    def test_an_administrator_and_keys_are_made_before_anybody_listens(self):
        daybook("init", *self.where())
        daybook("user", "create", "ada@example.com", "--admin", *self.where(), stdin=PASSWORD)
        key = daybook("key", "create", "--app", "homepot", "--role", "service", *self.where()).stdout.strip()
        self.assertRegex(key, r"^dbk_live_[A-Za-z0-9_-]{43}$")
        self.assertIn("ada@example.com", daybook("user", "list", *self.where()).stdout)
        self.assertNotIn(key, daybook("key", "list", *self.where()).stdout)

        # now that somebody can sign in it may answer others
        server = self.serve("0.0.0.0:0")
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        self.assertEqual(self.ask(url + "/api/v1/space")[0], 401)
        row = {"job_id": "a", "job_type": "restart", "status": "success"}
        self.assertEqual(self.ask(url + "/api/v1/homepot/job_outcomes", key, row)[0], 201)
        self.assertEqual(self.ask(url + "/api/v1/homepot/job_outcomes", key)[0], 403)
        status, signed_in = self.ask(url + "/api/v1/auth/login", body={"email": "ada@example.com",
                                                                       "password": PASSWORD.strip()})
        self.assertEqual(status, 200)
        self.assertEqual(self.ask(url + "/api/v1/space", signed_in["access_token"])[0], 200)

        # commands speak through the socket of the server, or with a key over the wire
        asked = ["stats", "homepot/job_outcomes", "--by", "status", "--plain"]
        self.assertIn("success", daybook(*asked, *self.where()).stdout)
        refused = daybook(*asked, "--server", url, "--key", key, ok=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("needs the right 'stats'", refused.stderr)
        made = json.loads(daybook("key", "list", "--json", *self.where()).stdout)["items"]
        daybook("key", "revoke", made[0]["id"], *self.where())
        self.assertEqual(self.ask(url + "/api/v1/homepot/job_outcomes", key, row)[0], 401)

        # an account that is disabled is signed out
        daybook("user", "disable", "ada@example.com", *self.where())
        self.assertEqual(self.ask(url + "/api/v1/space", signed_in["access_token"])[0], 401)

        trail = daybook("audit", "list", *self.where(), "--plain").stdout
        for event in ("users.create", "users.update", "keys.create", "keys.update", "session.open"):
            self.assertIn(event, trail)
        self.assertEqual(server.end(), 0)

    def test_the_first_start_says_a_link_that_is_good_once(self):
        server = self.serve()
        said = "".join(server.said)
        self.assertIn("nobody can sign in yet", said)
        token = said.split("/setup?code=")[1].split()[0]
        body = {"email": "ada@example.com", "password": PASSWORD.strip(), "setup": token}
        self.assertEqual(self.ask(server.url + "/api/v1/auth/register", body=body)[0], 201)
        body["email"] = "eve@example.com"
        self.assertEqual(self.ask(server.url + "/api/v1/auth/register", body=body)[0], 403)
        self.assertEqual(self.ask(server.url + "/api/v1/system/users")[0], 401)

    def test_tries_to_sign_in_are_counted_over_a_restart(self):
        daybook("init", *self.where())
        daybook("user", "create", "ada@example.com", "--admin", *self.where(), stdin=PASSWORD)
        wrong = {"email": "ada@example.com", "password": "a wrong one"}
        server = self.serve()
        said = [self.ask(server.url + "/api/v1/auth/login", body=wrong)[0] for _ in range(6)]
        self.assertEqual(said, [401] * 5 + [429])
        self.assertEqual(server.end(), 0)
        server = self.serve()
        self.assertEqual(self.ask(server.url + "/api/v1/auth/login", body=wrong)[0], 429)

    def make_certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1",
                        "-keyout", self.path("key.pem"), "-out", self.path("certificate.pem")],
                       check=True, capture_output=True, timeout=PATIENCE)

    def name_shown(self, address):
        """The name in the certificate that the server shows."""
        context = ssl.create_default_context(cafile=self.path("certificate.pem"))
        context.check_hostname = False
        host, port = address.split(":")
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        self.assertEqual(answer.read(), b'{"status":"alive"}')
        self.assertIn("max-age", answer.getheader("Strict-Transport-Security"))
        shown = dict(pair[0] for pair in connection.sock.getpeercert()["subject"])["commonName"] \
            if connection.sock else None
        connection.close()
        return shown

    def test_tls_is_spoken_and_its_certificate_read_again(self):
        self.make_certificate("first.example")
        with open(self.path("daybook.toml"), "w", encoding="utf-8") as file:
            file.write(f'tls_certificate = "{self.path("certificate.pem")}"\ntls_key = "{self.path("key.pem")}"\n')
        daybook("init", *self.where())
        os.rename(self.path("daybook.toml"), os.path.join(self.data, "daybook.toml"))
        server = self.serve()
        self.assertTrue(server.url.startswith("https://"))
        address = server.url.removeprefix("https://")
        self.assertEqual(self.name_shown(address), "first.example")

        # commands speak it too, with a server that the system's certificates vouch for
        asked = ["query", "homepot/job_outcomes", "--server", server.url]
        self.assertIn("certificate verify failed", daybook(*asked, ok=False).stderr)
        with unittest.mock.patch.dict(os.environ, SSL_CERT_FILE=self.path("certificate.pem")):
            daybook(*asked)

        # one who speaks no TLS is not answered
        plain = http.client.HTTPConnection(*address.split(":"), timeout=PATIENCE)
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            plain.request("GET", "/livez")
            plain.getresponse()

        self.make_certificate("second.example")
        server.process.send_signal(signal.SIGHUP)
        shown = None
        while shown != "second.example":
            try:
                shown = self.name_shown(address)
            except ssl.SSLError:
                pass  # still the first, which the new one does not vouch for
        # a broken file changes nothing
        with open(self.path("certificate.pem"), "r+", encoding="utf-8") as file:
            whole = file.read()
            file.seek(0)
            file.truncate()
        server.process.send_signal(signal.SIGHUP)
        with open(self.path("certificate.pem"), "w", encoding="utf-8") as file:
            file.write(whole)
        self.assertEqual(self.name_shown(address), "second.example")
        self.assertEqual(server.end(), 0)

    def test_tls_needs_both_files(self):
        daybook("init", *self.where())
        done = daybook("serve", *self.where(), "--tls-key", "/nonexistent", ok=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("TLS needs both", done.stderr)

    def test_proxies_are_addresses_and_networks(self):
        daybook("init", *self.where())
        done = daybook("serve", *self.where(), "--trusted-proxies", "10.0.0.0/8, proxy.example", ok=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--trusted-proxies: 'proxy.example' is no address and no network", done.stderr)


if __name__ == "__main__":
    unittest.main()
