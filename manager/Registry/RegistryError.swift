/// Why a registry did not give or take what it was asked for.
public struct RegistryError: Error, Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// The registry does not have it, or does not admit that it has.
    case notFound
    /// It wants to know better who asks.
    case unauthorized
    /// It knows, and says no.
    case denied
    /// It asks for, or gives, what is not to be trusted or understood.
    case invalid
    /// It cannot be reached, or stopped in the middle.
    case unavailable
  }

  public var kind: Kind
  /// The code of the distribution specification, such as `MANIFEST_UNKNOWN`; empty if the registry gave none.
  public var code: String
  /// For a person: what the registry said, or what happened to it.
  public var message: String

  public init(_ kind: Kind, code: String = "", _ message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }
}

extension RegistryError: CustomStringConvertible {
  public var description: String { message }
}
