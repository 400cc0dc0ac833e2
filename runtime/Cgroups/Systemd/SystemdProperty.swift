internal import DBus

/// A property of a unit as it is set over D-Bus: systemd.resource-control(5), with the names of `systemctl show`.
struct SystemdProperty: Equatable {
  let name: String
  let value: DBusValue

  init(_ name: String, _ value: DBusValue) { (self.name, self.value) = (name, value) }

  static func number(_ name: String, _ number: UInt64) -> Self { Self(name, .uint64(number)) }

  /// -1 is no limit, which is the greatest number.
  static func limit(_ name: String, _ limit: Int64) -> Self { number(name, limit < 0 ? .max : UInt64(limit)) }

  static func flag(_ name: String, _ isOn: Bool) -> Self { Self(name, .boolean(isOn)) }

  static func text(_ name: String, _ text: String) -> Self { Self(name, .string(text)) }

  /// One device's rate or weight.
  static func device(_ name: String, _ device: String, _ number: UInt64) -> Self {
    Self(name, .array(of: "(st)", [.structure([.string("/dev/block/\(device)"), .uint64(number)])]))
  }

  var argument: DBusValue { .structure([.string(name), .variant(value)]) }
}
