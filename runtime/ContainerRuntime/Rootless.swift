internal import LinuxKernel

/// What is forgiven who is not the host's root, `--rootless`.
package enum Rootless: Sendable {
  /// As ``always`` if this user is not the host's root.
  case auto
  /// Control groups are made where that is permitted, and done without elsewhere, unless the configuration wants them.
  case always
  case never

  /// `nil` for what is none of runc's words.
  package init?(_ text: String) {
    switch text {
    case "", "auto", "Auto", "AUTO": self = .auto
    case "true", "TRUE", "True", "t", "T", "1": self = .always
    case "false", "FALSE", "False", "f", "F", "0": self = .never
    default: return nil
    }
  }

  var forgivesCgroups: Bool {
    get throws(RuntimeError) {
      switch self {
      case .always: true
      case .never: false
      case .auto:
        Self.isUnprivileged ? true : try explaining { () throws(SyscallError) in try UserNamespaces.isInside() }
      }
    }
  }

  /// Whether this process is an ordinary user's, where it is: the root of a user namespace is none.
  static var isUnprivileged: Bool { CurrentProcess.effectiveUID != 0 }
}

extension Rootless {
  /// Where runc keeps the state of containers: a user's own are with what else lives as long as he is logged in.
  /// - Returns: `nil` for the machine's own place.
  package static func stateDirectory(in environment: [String]) throws(RuntimeError) -> String? {
    guard let folder = Environment.value(of: "XDG_RUNTIME_DIR", in: environment), !folder.isEmpty else { return nil }
    if !isUnprivileged {
      let isInside = try explaining { () throws(SyscallError) in try UserNamespaces.isInside() }
      guard isInside, Environment.value(of: "USER", in: environment) != "root" else { return nil }
    }
    return "\(folder)/proa-runtime"
  }
}
