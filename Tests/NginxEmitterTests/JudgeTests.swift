import Foundation
import TestSupport
import Testing

/// What the real consumers of the files say: not one word of complaint. (F15)
struct JudgeTests {
  /// How many files each environment has that an nginx of its own reads.
  private static let configurations = Subject.allCases.map { subject in
    let edge = ["nginx/bootstrap.conf", "nginx/nginx.conf"]
    return (
      subject, subject.isDeployed ? ["acme/nginx.conf"] + edge + ["operations/nginx.conf"] : edge
    )
  }

  @Test(arguments: configurations)
  func `nginx accepts each configuration without a warning, and gixy finds nothing`(
    subject: Subject, expected: [String]
  ) async throws {
    // The counters are a part of another file.
    let written = try files(of: subject.resolved()).keys.filter {
      $0.hasSuffix(".conf") && !$0.hasSuffix("counters.conf")
    }
    #expect(written.sorted() == expected)
    let paths = expected.map { "/etc/slipway/\($0)" }
    let output = try await withTemporaryFolder { folder in
      let sandbox = try EdgeSandbox(subject, in: folder)
      return try await sandbox.run(
        [
          "sh", "-c",
          """
          set -eu
          mkdir -p /var/lib/edge/certificates && cd /var/lib/edge/certificates
          openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \
            -subj /CN=edge -keyout privkey.pem -out fullchain.pem 2>/dev/null
          as=$1
          shift
          for file; do sh "${as}" nginx -e stderr -t -c "${file}" 2>&1; done
          exec gixy --format json "$@"
          """, "judge", "\(EdgeSandbox.standIns)/as-edge.sh",
        ] + paths)
    }
    #expect(output.status == 0, "\(output)")
    let words = paths.map {
      """
      nginx: the configuration file \($0) syntax is ok
      nginx: configuration file \($0) test is successful

      """
    }
    #expect(output.stdout == words.joined() + "[]\n", "\(output)")
    #expect(output.stderr == "", "\(output)")
  }

  @Test func `an nginx that has counters accepts the file of the counters`() async throws {
    let output = try await withTemporaryFolder { folder in
      let counters = try #require(
        try files(of: resolve(Subject.production.environment))["nginx/counters.conf"])
      try folder.write(counters, to: "counters.conf")
      try folder.write(
        """
        events {}
        http { server { listen 8081; location = /stub_status { include counters.conf; } } }
        """, to: "nginx.conf")
      return try await Tool.script(
        "nginx-sandbox",
        [
          "--nginx", "nginx-oldstable", "--put", "\(folder.path):/etc/nginx", "--",
          "curl", "--silent", "--fail", "http://127.0.0.1:8081/stub_status",
        ])
    }
    #expect(output.status == 0, "\(output)")
    #expect(output.stdout.hasPrefix("Active connections: 1"))
  }

  @Test func `counters answer on the machine's socket alone, also after a nginx that was killed`()
    async throws
  {
    let output = try await withTemporaryFolder { folder in
      let sandbox = try EdgeSandbox(.production, in: folder)
      return try await sandbox.run([
        "sh", "-c",
        """
        set -eu
        mkdir -p /run/status
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/status/edge.sock")'
        sh "$1" sh /etc/slipway/nginx/supervise.sh &
        supervisor=$!
        ask() { curl --silent --write-out ' %{http_code}\\n' --max-time 5 "$@"; }
        for _ in $(seq 200); do
          ! curl --silent --output /dev/null --unix-socket /run/status/edge.sock \
            http://edge/stub_status || break
          sleep 0.2
        done
        ask --unix-socket /run/status/edge.sock http://edge/stub_status
        ask --output /dev/null --unix-socket /run/status/edge.sock http://edge/healthz
        ask --output /dev/null http://127.0.0.1:8081/stub_status
        ask --output /dev/null http://127.0.0.1:8081/healthz
        stat --format %a /run/status/edge.sock
        kill -s TERM "${supervisor}"
        wait "${supervisor}" || :
        """, "judge", "\(EdgeSandbox.standIns)/as-edge.sh",
      ])
    }
    #expect(output.status == 0, "\(output)")
    // Anybody in the volume may ask: the exporter is another user.
    #expect(output.stdout == "stand-in 200\n 404\n 404\n 200\n666\n", "\(output)")
  }

  @Test func `gixy finds what is wrong in the first place`() async throws {
    let output = try await withTemporaryFolder { folder in
      let sandbox = try EdgeSandbox(.production, in: folder)
      let broken = try folder.read("etc/nginx/nginx.conf").replacing(
        "proxy_read_timeout 7s;", with: "add_header X-More more;")
      try folder.write(broken, to: "etc/nginx/nginx.conf")
      return try await sandbox.run(["gixy", "/etc/slipway/nginx/nginx.conf"])
    }
    #expect(output.status == 1)
    #expect(output.stdout.contains("add_header_redefinition"))
  }

  @Test func `the shell's linters accept the supervisor`() async throws {
    try await withTemporaryFolder { folder in
      let text = try #require(
        try files(of: resolve(Subject.production.environment))["nginx/supervise.sh"])
      let path = try folder.write(text, to: "supervise.sh")
      let profile = "\(packageRoot)/scripts/.shellcheckrc"
      let shellcheck = try await Tool.run(
        "shellcheck", ["--rcfile", profile, "--severity=style", "--shell=sh", path])
      #expect(shellcheck.status == 0, "\(shellcheck)")
      let shfmt = try await Tool.run("shfmt", ["-d", "-i", "2", "-ci", path])
      #expect(shfmt.status == 0, "\(shfmt)")
      let busybox = try await Tool.run("busybox", ["sh", "-n", path])
      #expect(busybox.status == 0, "\(busybox)")
    }
  }
}
