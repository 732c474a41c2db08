import FlowrexConfiguration
import FlowrexStore
import FlowrexStream
import ServiceContract
import ServiceLifecycle

/// Keeps streams going while the process serves. (S17-VAR-37 … 39)
struct StreamLoop: Service {
  let stream: StreamHub
  let bell: any ChangeBell

  func run() async throws {
    await cancelWhenGracefulShutdown { await stream.run(bell) }
    // Who came between the last word and the end.
    stream.drain()
  }
}

extension StreamLimits {
  init(_ settings: StreamSettings) {
    self.init(
      sockets: settings.limit, perPerson: settings.perUser, queue: settings.queue,
      message: settings.message.bytes, heartbeat: settings.heartbeat,
      sendTimeout: settings.sendTimeout)
  }
}
