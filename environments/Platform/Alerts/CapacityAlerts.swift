import FlowrexContract
import Slipway

/// Limits that come close; they follow the declared limits. (C-59)
extension Alert {
  static let backendMemory = Alert(
    "HighMemoryUsage", severity: .warning,
    when: Flowrex.residentMemory.of(.backend).now()
      .isAbove(.memoryLimit(of: .backend, times: .percent(80))),
    for: .minutes(5),
    summary: "a replica of the API uses four fifths of the memory it may use",
    runbook: .capacity,
    firesOn: .when(
      Flowrex.residentMemory.of(.backend)
        .stays(at: .memoryLimit(of: .backend, times: .percent(90)))),
    quietOn: .when(
      Flowrex.residentMemory.of(.backend)
        .stays(at: .memoryLimit(of: .backend, times: .percent(50)))))

  static let backendProcessor = Alert(
    "HighCPUUsage", severity: .warning,
    when: Flowrex.processorTime.of(.backend).rate(over: .minutes(5))
      .isAbove(.cpuLimit(of: .backend, times: .percent(80))),
    for: .minutes(5),
    summary: "a replica of the API uses four fifths of the processor time it may use",
    runbook: .capacity,
    firesOn: .when(Flowrex.processorTime.of(.backend).grows(by: .seconds(118))),
    quietOn: .when(Flowrex.processorTime.of(.backend).grows(by: .seconds(10))))
}
