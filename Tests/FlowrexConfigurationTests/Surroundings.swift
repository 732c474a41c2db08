import FlowrexConfiguration
import FlowrexContract
import ServiceContract

/// Variables and secret files as a deployment gives them.
struct Surroundings {
  var variables: [String: String]
  var secrets: [String: String]

  /// All that production states, with strong secrets.
  static let production = Surroundings(
    variables: [
      "ENVIRONMENT": "production", "SERVICE_NAME": "backend", "APP_VERSION": "1.2.3",
      "APP_COMMIT": "0123456", "APP_BUILD_ID": "77", "SECRETS_DIRECTORY": "/run/secrets",
      "INTERNAL_CA_FILE": "/run/secrets/internal-ca", "APP_URL": "https://flowrex.app",
      "API_URL": "https://api.flowrex.app", "TRUSTED_HOSTS": "flowrex.app,api.flowrex.app",
      "CORS_ORIGINS": "https://flowrex.app", "DATABASE_HOST": "postgres-primary",
      "DATABASE_PORT": "5432", "DATABASE_NAME": "flowrex_prod", "DATABASE_USER": "flowrex",
      "DATABASE_REPLICA_HOSTS": "postgres-replica-1,postgres-replica-2",
      "DATABASE_READER_USER": "flowrex_reader", "DATABASE_TLS": "verify-full",
      "REDIS_CACHE_HOST": "redis-cache", "REDIS_STATE_HOST": "redis-state",
      "REDIS_PORT": "6379", "REDIS_TLS": "true", "DEBUG": "false", "TRADING_MODE": "paper",
      "RATE_LIMIT_ENABLED": "true", "LOG_FORMAT": "json", "JWT_ISSUER": "flowrex-production",
      "JWT_AUDIENCE": "flowrex-api-production", "CACHE_PREFIX": "flowrex:production:",
      "DATABASE_ENGINE": "postgresql", "REDIS_ENGINE": "redis", "BACKEND_PORT": "8000",
      "METRICS_PORT": "9090",
    ],
    secrets: [
      "jwt-secret-key": "Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6UuTiKoWqBrDx",
      "jwt-previous-secret-key": "Hq7uNz4cYb9KtVw2XgRj5LmPs8DfAe3CoTiGkUxWnBv",
      "security-secret-key": "p5WcTr8JzKd2NvYq6XhBf9GmLs4RuEa7QxTiHoCwMbD",
      "admin-password-hash": "$2b$12$abcdefghijklmnopqrstuuE9Jh2nM4bQ6vW8yZ1cR3tF5gH7kLpNS",
      "database-password": "vR7kTq2mXw9Lb4Nz6HcY8Jd",
      "database-reader-password": "Wc5xLp9Qf3Kv7Tz2Nm8RbJy",
      "redis-password": "Gt4yHn8Mw2Vb6Xk9Zq3LcPr",
    ])

  /// A laptop that says nothing.
  static let laptop = Surroundings(variables: ["ENVIRONMENT": "development"], secrets: [:])

  func stating(_ name: String, _ value: String?) -> Surroundings {
    var copy = self
    copy.variables[name] = value
    return copy
  }

  func holding(_ file: String, _ value: String?) -> Surroundings {
    var copy = self
    copy.secrets[file] = value
    return copy
  }

  func read() throws -> BackendConfiguration {
    let secrets = secrets
    return try BackendConfiguration.read(variables) { _, name in
      secrets[name].map { Array($0.utf8) }
    }
  }

  /// What is said against it, one line each.
  var problems: [String] {
    do {
      _ = try read()
      return []
    } catch let refused as ConfigurationRefused {
      return refused.problems.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }
}
