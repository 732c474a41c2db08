import Foundation
import SlipwayDocuments
import TestSupport
import Testing

/// What the components are told, environment by environment.
struct SettingTests {
  /// Type and default of each key, and the form of each secret, from the reference.
  private let reference: [String: [String]]

  init() throws { reference = rows(try generated("configuration.md")) }

  @Test(.covers("S17-VAR-03", "S04-ENV-01", "C-06"))
  func `an environment has one of three names, and each has its own`() throws {
    #expect(
      reference["ENVIRONMENT"]?.prefix(2) == ["one of development, staging, production", "–"])
    let told = try Deployed.all.map { try $0.variables(of: "backend")["ENVIRONMENT"] }
    #expect(told == ["development", "staging", "production"])
  }

  @Test(.covers("S17-VAR-22", "S03-VAR-09", "S04-AUTH-11", "C-01"))
  func `an access token cannot live longer than 15 minutes`() throws {
    #expect(
      reference["JWT_ACCESS_TOKEN_EXPIRE_MINUTES"]?.prefix(2) == ["one of 5, 10, 15", "15"])
    #expect(!(try repository(".env.example")).contains("JWT_EXPIRATION_HOURS"))
  }

  @Test(.covers("S17-VAR-21", "S03-VAR-07"))
  func `tokens are signed in one of three ways, and never in none`() {
    #expect(reference["JWT_ALGORITHM"]?.prefix(2) == ["one of HS256, HS384, HS512", "HS256"])
  }

  @Test(.covers("S03-VAR-05", "S03-VAR-06"))
  func `Redis has a tenth of a second, not five`() {
    #expect(reference["REDIS_TIMEOUT_SECONDS"]?[1] == "0.05")
    #expect(reference["REDIS_CONNECT_TIMEOUT_SECONDS"]?[1] == "0.1")
  }

  @Test(.covers("S17-VAR-47")) func `a share of traces is a ratio`() {
    #expect(reference["TRACES_SAMPLE_RATIO"]?.first == "ratio from 0 to 1")
  }

  @Test(
    .covers(
      "S17-VAR-26", "S17-VAR-29", "S17-VAR-31", "S17-VAR-32", "S17-VAR-45", "S17-VAR-67",
      "S03-VAR-08"))
  func `what is secret is a file, and no variable in any environment`() throws {
    let secrets = [
      "TWELVEDATA_API_KEY", "OANDA_API_KEY", "MT5_LOGIN", "MT5_PASSWORD", "SENTRY_DSN",
      "SMTP_PASSWORD", "JWT_SECRET_KEY", "SECURITY_SECRET_KEY", "DATABASE_PASSWORD",
      "REDIS_PASSWORD",
    ]
    let example = try repository(".env.example")
    for secret in secrets {
      // Form, strength, age, readers, words: the row of a secret, not that of a key.
      #expect(reference[secret]?.count == 5, "\(secret)")
      #expect(!example.contains("\n\(secret)="), "\(secret)")
    }
    for environment in Deployed.all {
      for service in try environment.services()
      where service.value["build"] != nil
        || service.key == "backend" || service.key == "worker"
      {
        let told = try environment.variables(of: service.key)
        #expect(Set(told.keys).isDisjoint(with: secrets), "\(service.key) in \(environment.name)")
      }
    }
  }

  @Test(.covers("S17-VAR-24", "S04-NET-09"))
  func `origins are https and the environment's own, where people depend on it`() throws {
    for environment in Deployed.depended {
      let told = try environment.variables(of: "backend")
      let served = try Edge(environment).names
      let origins = try #require(told["CORS_ORIGINS"]).split(separator: ",")
      #expect(!origins.isEmpty)
      for origin in origins {
        #expect(origin.hasPrefix("https://"))
        #expect(served.contains(String(origin.dropFirst("https://".count))), "\(origin)")
      }
    }
  }

  @Test(.covers("S17-VAR-06", "S17-VAR-07", "S17-VAR-71", "S18-DC-10"))
  func `public addresses are encrypted and served by the edge`() throws {
    for environment in Deployed.depended {
      let served = try Edge(environment).names
      let console = try environment.variables(of: "console")
      let backend = try environment.variables(of: "backend")
      for (address, scheme) in [
        (backend["APP_URL"], "https://"), (backend["API_URL"], "https://"),
        (console["WS_URL"], "wss://"),
      ] {
        let address = try #require(address)
        #expect(address.hasPrefix(scheme), "\(address)")
        let host = address.dropFirst(scheme.count).prefix { $0 != "/" }
        #expect(served.contains(String(host)), "\(address)")
      }
    }
  }

  @Test(.covers("S17-ENV-06", "S17-CL-OBS-02")) func `development logs everything, as text`() throws
  {
    let told = try Deployed.dev.variables(of: "backend")
    #expect(told["LOG_LEVEL"] == "debug")
    #expect(told["LOG_FORMAT"] == "text")
  }

  @Test(
    .covers("S17-ENV-13", "S17-CL-OBS-02", "S03-VAR-16", "S03-CL-ENV-05"),
    arguments: Deployed.depended)
  func `staging logs as production does: from info on, as JSON`(environment: Deployed) throws {
    #expect(reference["LOG_LEVEL"]?[1] == "info")
    for service in ["backend", "worker", "console"] {
      let told = try environment.variables(of: service)
      #expect(told["LOG_LEVEL"] ?? "info" == "info")
      #expect(told["LOG_FORMAT"] == "json")
    }
  }

  @Test(.covers("S17-ENV-03", "S17-ENV-12", "S17-VAR-63"))
  func `nothing that is generated reaches a live venue`() throws {
    let modes = try Deployed.all.map { try $0.variables(of: "backend")["TRADING_MODE"] }
    #expect(modes == ["simulated", "paper", "paper"])
  }

  @Test(.covers("S17-ENV-04", "C-31"), arguments: Deployed.all)
  func `the database is PostgreSQL everywhere`(environment: Deployed) throws {
    for service in ["backend", "worker"] {
      #expect(try environment.variables(of: service)["DATABASE_ENGINE"] == "postgresql")
    }
  }

  @Test(.covers("C-49", "S03-STEP-11"), arguments: Deployed.all)
  func `the database is called after its environment, in one place`(environment: Deployed) throws {
    let expected = "flowrex_\(environment.name)"
    #expect(try environment.variables(of: "backend")["DATABASE_NAME"] == expected)
    #expect(try environment.variables(of: "worker")["DATABASE_NAME"] == expected)
    #expect(try environment.variables(of: "postgres-primary")["POSTGRES_DB"] == expected)
  }

  @Test(.covers("S17-ENV-10")) func `no two environments share database, stores or copies`() throws
  {
    let names = try Deployed.all.map { try $0.variables(of: "backend")["DATABASE_NAME"] ?? "" }
    #expect(Set(names).count == 3)
    let prefixes = try Deployed.all.map { try $0.variables(of: "backend")["CACHE_PREFIX"] ?? "" }
    #expect(Set(prefixes).count == 3)
    let copies = try Deployed.depended.flatMap {
      try $0.settings("postgres/pgbackrest.conf")["repo1-s3-bucket"] ?? []
    }
    #expect(copies.count == 2 && Set(copies).count == 2)
    for environment in Deployed.all {
      let hosts = try environment.services().map(\.key)
      for store in ["postgres-primary", "redis-cache", "redis-state"] {
        #expect(hosts.contains(store), "\(environment.name) has no \(store) of its own")
      }
    }
  }

  @Test(.covers("C-60", "S18-ARCH-23", "S04-DB-06"), arguments: Deployed.depended)
  func `connections to stores are encrypted, and names are verified`(environment: Deployed) throws {
    for service in ["backend", "worker"] {
      let told = try environment.variables(of: service)
      #expect(told["DATABASE_TLS"] == "verify-full")
      #expect(told["REDIS_TLS"] == "true")
      #expect(told["INTERNAL_CA_FILE"] == "/run/secrets/inside-ca")
    }
    let postgres = try environment.settings("postgres/postgresql.conf")
    #expect(postgres["ssl"] == ["on"])
    #expect(postgres["ssl_min_protocol_version"] == ["TLSv1.2"])
    let rules = try environment.text("postgres/pg_hba.conf").split(separator: "\n").filter {
      !$0.hasPrefix("#") && !$0.hasPrefix("local ")
    }
    #expect(rules.last?.hasSuffix("reject") == true)
    #expect(rules.dropLast().allSatisfy { $0.hasPrefix("hostssl ") }, "\(rules)")
    for store in ["redis-cache", "redis-state"] {
      let redis = try environment.settings("\(store)/redis.conf")
      #expect(redis["port"] == ["0"] && redis["tls-port"] == ["6379"])
    }
  }
}
