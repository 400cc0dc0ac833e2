internal import JSON
internal import OCIRuntimeSpec

/// Docker's `SecurityOpt` list, understood.
struct SecurityOptions: Equatable {
  enum Seccomp: Equatable {
    case standard
    case unconfined
    case profile(SeccompProfile)
  }

  var seccomp = Seccomp.standard
  var noNewPrivileges = false
  var unmaskedSystemPaths = false
  /// The profile's name, `nil` for none.
  var appArmor: String?

  /// - Throws: ``ContainerError/unsupported(_:)`` for SELinux, ``ContainerError/invalid(_:)`` in Docker's words for nonsense.
  init(_ options: [String], privileged: Bool) throws(ContainerError) {
    if privileged { seccomp = .unconfined }
    for option in options { try apply(option) }
  }

  private mutating func apply(_ option: String) throws(ContainerError) {
    if option == "no-new-privileges" {
      noNewPrivileges = true
      return
    }
    // SELinux's label, without its name.
    if option == "disable" { return }
    // Before `=` came into use, `:` stood in its place.
    guard let separator = option.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
      throw .invalid("invalid --security-opt 1: \(option.debugDescription)")
    }
    let value = String(option[option.index(after: separator)...])
    switch option[..<separator] {
    case "no-new-privileges": noNewPrivileges = try Self.bool(value, in: option)
    case "seccomp": seccomp = try Self.seccomp(value)
    case "systempaths" where value == "unconfined": unmaskedSystemPaths = true
    case "apparmor": appArmor = value == "unconfined" ? nil : value
    case "label":
      guard value == "disable" else { throw .unsupported("SELinux labels (\"\(option)\"); label=disable is") }
    default: throw .invalid("invalid --security-opt 2: \(option.debugDescription)")
    }
  }

  private static func bool(_ value: String, in option: String) throws(ContainerError) -> Bool {
    switch value.lowercased() {
    case "1", "t", "true": true
    case "0", "f", "false": false
    default: throw .invalid("invalid --security-opt 2: \(option.debugDescription)")
    }
  }

  private static func seccomp(_ value: String) throws(ContainerError) -> Seccomp {
    switch value {
    case "unconfined": return .unconfined
    case "builtin": return .standard
    default:
      // The client sends the file's content, not its name.
      do throws(JSONError) {
        return .profile(try SeccompProfile(json: JSONReader.read(value, limits: .init(size: 1 << 20, depth: 16))))
      } catch {
        throw .invalid("Decoding seccomp profile failed: \(error)")
      }
    }
  }
}
