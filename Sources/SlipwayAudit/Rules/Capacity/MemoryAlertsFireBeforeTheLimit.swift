/// An alert on memory fires before the engine kills the container. (C-59)
enum MemoryAlertsFireBeforeTheLimit: AuditRule {
  static let id = "capacity/memory-alerts-fire-before-the-limit"
  static let why = "the container is killed while every process in it is still below the alert"
  static let fix = "compare the container's memory with its limit, or divide by the processes"
  static let source = ["C-59", "C-67"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          web:
            image: shop/web:1.2.3
            command: serve --workers 4
            deploy:
              resources:
                limits: {memory: 2G, cpus: '1'}
        """,
        "rules/alerts.yml": """
        groups:
          - name: a
            rules:
              - alert: Memory
                expr: process_resident_memory_bytes{job="web"} > 1e9
        """,
      ], at: "compose.yml:7")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        web:
          image: shop/web:1.2.3
          command: serve --workers 4
          mem_limit: 8G
      """,
      "rules/alerts.yml": """
      groups:
        - name: a
          rules:
            - alert: Memory
              expr: process_resident_memory_bytes{job="web"} > 1e9
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let bounds = deployment.alerts.compactMap { alert in
      alert.query.comparison.flatMap { comparison -> (String, Double)? in
        guard comparison.isAbove, let number = comparison.number,
          alert.query.metrics.first == "process_resident_memory_bytes"
        else { return nil }
        return (alert.name.value, number)
      }
    }
    return deployment.services.flatMap { service -> [Flaw] in
      guard let memory = service.memory, let limit = Amount.bytes(memory.value),
        let workers = deployment.workers(service)?.count, workers > 1
      else { return [] }
      return bounds.filter { Double(workers) * $0.1 > limit }.map { name, _ in
        .warning(
          "\(workers) processes share \(memory.value), so alert '\(name)' would come after "
            + "the kill",
          at: memory.spot)
      }
    }
  }
}
