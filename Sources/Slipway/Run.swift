public import ServiceContract
package import SlipwayDiagnostics

/// Says how much of a component an environment runs, and where.
public struct Run<S: Stage>: Sendable {
  package let value: RunValue

  /// - Parameters:
  ///   - replicas: How many containers.
  ///   - nodes: The kind of node that it is placed on.
  ///   - limit: What one replica may use at most.
  ///   - reserve: What is kept free for one replica.
  ///   - source: Where the image comes from.
  ///   - publishes: Ports that answer outside the environment; development only.
  ///   - overriding: Keys whose value differs from the environment's, for this component only.
  public static func run(
    _ component: Component, replicas: Int = 1, on nodes: NodeKind = .app, limit: Resources,
    reserve: Resources, source: Source<S> = .release, publishes: [Publication<S>] = [],
    overriding: [Setting] = [], file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: RunValue(
        component: component, replicas: replicas, nodes: nodes,
        size: Size(limit: limit, reserve: reserve), source: source.value,
        publishes: publishes.map(\.value), overriding: overriding,
        origin: Origin(file: file, line: line)))
  }
}

/// A ``Run`` without its stage.
package struct RunValue: Sendable {
  package let component: Component
  package let replicas: Int
  package let nodes: NodeKind
  package let size: Size
  package let source: SourceValue
  package let publishes: [PublicationValue]
  package let overriding: [Setting]
  package let origin: Origin
}

/// Where an image comes from.
public struct Source<S: Stage>: Sendable {
  package let value: SourceValue
  /// The release record of the deployment. (engine fact F13)
  public static var release: Self { .init(value: .release) }
}

package enum SourceValue: Sendable { case release, checkout(Reload) }

/// What happens to a container of a working tree when its code changes. (S17-ENV-05)
public enum Reload: Sendable {
  /// `docker compose watch` builds its image anew and replaces it.
  case onChange
  /// Nothing, until somebody starts it again.
  case byHand
}

extension Source<Development> {
  /// Built from the working tree.
  public static var checkout: Self { .init(value: .checkout(.byHand)) }

  /// Built from the working tree, and built anew as it says. (S17-ENV-05)
  public static func checkout(reload: Reload) -> Self { .init(value: .checkout(reload)) }
}

extension Source where S: Deployed {
  @available(
    *, unavailable,
    message:
      "what runs outside development comes from a release record; delete `source:` [images/stay-pinned, HS-09]"
  )
  public static var checkout: Self { .init(value: .checkout(.byHand)) }

  @available(
    *, unavailable,
    message:
      "what runs outside development never changes by itself; delete `source:` [reload/stays-in-development, S17-ENV-05]"
  )
  public static func checkout(reload: Reload) -> Self { .init(value: .checkout(reload)) }

  @available(
    *, unavailable,
    message: "a tag can be moved; delete `source:` [images/stay-pinned, C-30]"
  )
  public static func tag(_ tag: String) -> Self { .init(value: .checkout(.byHand)) }
}

/// A port that answers outside the environment.
public struct Publication<S: Stage>: Sendable {
  package let value: PublicationValue
}

package struct PublicationValue: Sendable, Hashable {
  package let port: Int
}

extension Publication<Development> {
  /// On the developer's own machine only.
  public static func loopback(_ port: Int) -> Self { .init(value: .init(port: port)) }
}

extension Publication where S: Deployed {
  @available(
    *, unavailable,
    message:
      "only the edge answers from outside; delete `publishes:` [network/datastores-stay-private, C-38]"
  )
  public static func loopback(_ port: Int) -> Self { .init(value: .init(port: port)) }
}
