import FlowrexContract
package import ServiceContract

extension Route {
  /// Routes of the contract whose use cases do not exist yet: they are not mounted and not in the
  /// published document. A test holds this list: it can only get shorter.
  package static let notYetServed: [Route] = []
}
