/// What a volume may be called: it is the name of its folder.
enum VolumeName {
  /// - Throws: ``VolumeError/invalid(_:)`` with Docker's messages.
  static func check(_ name: String) throws(VolumeError) {
    if name.utf8.count == 1 {
      throw .invalid("volume name is too short, names should be at least two alphanumeric characters")
    }
    guard name.utf8.count <= 255, let first = name.utf8.first, isAlphanumeric(first),
      name.utf8.allSatisfy({ isAlphanumeric($0) || "_.-".utf8.contains($0) })
    else {
      throw .invalid(
        "create \(name): \"\(name)\" includes invalid characters for a local volume name, only "
          + "\"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path")
    }
  }

  /// 64 hexadecimal digits.
  static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
