import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Turns bounds that follow from an environment into numbers.
extension Resolver {
  mutating func resolve(_ alert: Alert, in environment: ResolvedEnvironment) -> ResolvedAlert {
    let expression = lower(alert.condition.node, alert, environment)
    return ResolvedAlert(
      alert: alert, expression: expression,
      firesOn: alert.firesOn.map { series($0, alert, environment) },
      quietOn: alert.quietOn.map { series($0, alert, environment) })
  }

  private mutating func lower(
    _ node: Condition.Node, _ alert: Alert, _ environment: ResolvedEnvironment
  ) -> PromQL.Expression {
    switch node {
    case .comparison(let left, let operation, let bound):
      return left.combined(operation, .number(number(bound, alert, environment)))
    case .both(let left, let right, let matching):
      return lower(left, alert, environment)
        .combined(.and, lower(right, alert, environment), matching: matching)
    case .either(let left, let right):
      return lower(left, alert, environment).combined(.or, lower(right, alert, environment))
    case .absent(let selector): return .absent(.selector(selector))
    case .always: return .call(.vector, .number(ExactDecimal(1)))
    }
  }

  private mutating func series(
    _ series: Series, _ alert: Alert, _ environment: ResolvedEnvironment
  ) -> ResolvedSeries {
    // A day and an hour, one sample a minute: longer than the longest window that pages.
    let samples = 1_560
    switch series.values {
    case .steps(let from, let step):
      let start = number(from, alert, environment)
      let sign = step < 0 ? "-" : "+"
      let size = step < 0 ? 0 - step : step
      return ResolvedSeries(series: series.text, values: "\(start)\(sign)\(size)x\(samples)")
    case .moment(let before):
      return ResolvedSeries(series: series.text, values: "\(0 - before)+0x\(samples)")
    case .missing: return ResolvedSeries(series: series.text, values: "_x\(samples)")
    }
  }

  private mutating func number(
    _ bound: BoundValue, _ alert: Alert, _ environment: ResolvedEnvironment
  ) -> ExactDecimal {
    switch bound {
    case .number(let number): return number
    case .memoryLimit(let component, let share):
      guard let service = service(component, alert, environment) else { return 0 }
      return service.size.limit.memory.share(Ratio(share)).number
    case .cpuLimit(let component, let share):
      guard let service = service(component, alert, environment) else { return 0 }
      return service.size.limit.cpus * share
    case .replicas(let component):
      guard let service = service(component, alert, environment) else { return 0 }
      if case .count(let count) = service.replicas { return ExactDecimal(Int64(count)) }
      return ExactDecimal(Int64(environment.nodes.count))
    case .setting(let key, let share):
      return setting(key, alert).map { $0 * share } ?? 0
    }
  }

  private mutating func service(
    _ name: String, _ alert: Alert, _ environment: ResolvedEnvironment
  ) -> ResolvedService? {
    if let service = environment.service(name) { return service }
    findings.append(
      Finding(
        rule: "alerts/watch-what-runs",
        message: "alert '\(alert.name)' watches '\(name)', which this environment does not run",
        written: [alert.origin.at("when"), specification.origin.at("runs")],
        label: "watches it here",
        why: "an alert on something that is not there never fires, and nobody notices",
        fix: "add `.run(…)` of '\(name)', or leave the alert out of this environment's `watches:`"))
    return nil
  }

  private mutating func setting(_ key: String, _ alert: Alert) -> ExactDecimal? {
    let stated = specification.settings.last { $0.key == key }?.text
    let text = stated ?? project.contract.keys.first { $0.name == key }?.defaultText
    if let text, let number = ExactDecimal(text: text) { return number }
    findings.append(
      Finding(
        rule: "alerts/watch-what-runs",
        message: "alert '\(alert.name)' takes its bound from '\(key)', which holds no number",
        written: [alert.origin.at("when")], label: "compared here",
        why: "without the number nothing can be compared",
        fix: "use a key that holds a whole number and has a value in this environment"))
    return nil
  }
}
