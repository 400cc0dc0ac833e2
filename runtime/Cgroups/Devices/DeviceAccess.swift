/// What may be done with a device, in the bits of the kernel's `BPF_DEVCG_ACC_…`.
struct DeviceAccess: OptionSet, Hashable {
  let rawValue: UInt8

  static let makeNode = DeviceAccess(rawValue: 1)
  static let read = DeviceAccess(rawValue: 2)
  static let write = DeviceAccess(rawValue: 4)
  static let everything: DeviceAccess = [.makeNode, .read, .write]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `nil` unless `letters` are some of `rwm`.
  init?(letters: String) {
    self = []
    for letter in letters {
      switch letter {
      case "r": insert(.read)
      case "w": insert(.write)
      case "m": insert(.makeNode)
      default: return nil
      }
    }
    if isEmpty { return nil }
  }

  var letters: String {
    (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.makeNode) ? "m" : "")
  }
}

/// A device, or all that agree in what is given.
struct DevicePattern: Hashable {
  enum Kind: String {
    case character = "c"
    case block = "b"
  }

  var kind: Kind
  /// All if `nil`.
  var major: UInt32?
  /// All if `nil`.
  var minor: UInt32?

  /// Whether every device of `other` is one of these.
  func covers(_ other: DevicePattern) -> Bool {
    kind == other.kind && (major == nil || major == other.major) && (minor == nil || minor == other.minor)
  }

  func overlaps(_ other: DevicePattern) -> Bool {
    kind == other.kind && Self.meet(major, other.major) && Self.meet(minor, other.minor)
  }

  private static func meet(_ one: UInt32?, _ other: UInt32?) -> Bool { one == nil || other == nil || one == other }

  /// As in the files of v1: `c 1:*`.
  var text: String { "\(kind.rawValue) \(major.map(String.init) ?? "*"):\(minor.map(String.init) ?? "*")" }
}
