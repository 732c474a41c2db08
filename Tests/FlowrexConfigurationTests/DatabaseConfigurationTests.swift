import FlowrexConfiguration
import FlowrexContract
import Foundation
import ServiceContract
import TestSupport
import Testing

/// What `migrate` and the other commands on the database are told. (S17-MIG-07, C-60)
@Suite struct DatabaseConfigurationTests {
  private static func read(_ surroundings: Surroundings) throws -> DatabaseConfiguration {
    let secrets = surroundings.secrets
    return try DatabaseConfiguration.read(surroundings.variables) { _, name in
      secrets[name].map { Array($0.utf8) }
    }
  }

  private static func problems(_ surroundings: Surroundings) -> [String] {
    do {
      _ = try read(surroundings)
      return []
    } catch let refused as ConfigurationRefused {
      return refused.problems.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test(arguments: [Surroundings.production, .laptop])
  func `what is read is what the contract says of migrate, no more and no less`(
    _ surroundings: Surroundings
  ) throws {
    let configuration = try Self.read(surroundings)
    #expect(configuration.keysRead == Set(Program.migrate.keys.map(\.name)))
    #expect(configuration.secretsRead == Set(Program.migrate.secrets.map(\.name)))
  }

  @Test(
    .covers("C-60", "C-16", "S04-DB-06"),
    arguments: [
      ("DATABASE_ENGINE", "sqlite", "DATABASE_ENGINE: must be `postgresql` in production"),
      ("DATABASE_TLS", "disable", "DATABASE_TLS: must be `verify-full` in production"),
      (
        "INTERNAL_CA_FILE", "",
        "INTERNAL_CA_FILE: is empty, so no certificate could be verified"
      ),
      (
        "DATABASE_URL", "x",
        "DATABASE_URL: is now said by DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, "
          + "DATABASE_USER and secret DATABASE_PASSWORD"
      ),
      (
        "FLOWREX_DATABASE", "x",
        "FLOWREX_DATABASE: is no key of the contract, nothing would read it"
      ),
      (
        "DATABASE_PASSWORD", "vR7kTq2mXw9Lb4Nz6HcY8Jd",
        "DATABASE_PASSWORD: is a secret and may not be a variable"
      ),
      (
        "MIGRATION_LOCK_TIMEOUT_SECONDS", "0",
        "MIGRATION_LOCK_TIMEOUT_SECONDS: must be longer than 0 seconds"
      ),
    ])
  func `production refuses each of these alone`(
    name: String, value: String, said: String
  ) throws {
    #expect(Self.problems(.production) == [])
    #expect(Self.problems(Surroundings.production.stating(name, value)) == [said])
  }

  @Test func `a password that is not mounted is missed`() {
    #expect(
      Self.problems(Surroundings.production.holding("database-password", nil)) == [
        "DATABASE_PASSWORD: no file 'database-password' in SECRETS_DIRECTORY"
      ])
    #expect(Self.problems(.laptop) == [])
  }
}
