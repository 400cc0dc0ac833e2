/// How a bridge's network and the world behind its gateway reach one another, for one family of addresses.
enum GatewayMode: String, CaseIterable, Sendable {
  /// In the host's name, and by published ports.
  case nat
  /// The same, and others may send to every port of a container if they have a route to it.
  case unprotected = "nat-unprotected"
  /// By the containers' own addresses, at the ports that are published.
  case routed
  /// Not at all: the host itself has no address there.
  case isolated

  /// Whether what leaves does so in the host's name, and the host's ports lead in.
  var translates: Bool { self == .nat || self == .unprotected }
}
