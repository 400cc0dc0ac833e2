internal import EngineAPI
internal import LinuxKernel

/// `/dev/sda:NUMBER`.
enum BlockDeviceSyntax {
  /// The path, and what follows the colon.
  static func split(_ text: String) throws(ClientError) -> (path: String, number: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw .usage("bad format: \(text)") }
    guard parts[0].hasPrefix("/dev/") else { throw .usage("bad format for device path: \(text)") }
    return (parts[0], parts[1])
  }
}

extension WeightDevice {
  init(commandLine text: String) throws(ClientError) {
    self.init()
    let (path, number) = try BlockDeviceSyntax.split(text)
    guard let weight = UInt16(number), weight == 0 || (10...1000).contains(weight) else {
      throw .usage("invalid weight for device: \(text)")
    }
    (self.path, self.weight) = (path, weight)
  }
}

extension ThrottleDevice {
  /// Bytes per second, with a unit or without.
  init(bytes text: String) throws(ClientError) {
    self.init()
    let (path, number) = try BlockDeviceSyntax.split(text)
    let size: Int64
    do { size = try ByteSize.binary(number) } catch {
      throw .usage(
        "invalid rate for device: \(text). The correct format is <device-path>:<number>[<unit>]. Number must be a positive "
          + "integer. Unit is optional and can be kb, mb, or gb")
    }
    (self.path, rate) = (path, UInt64(size))
  }

  init(operations text: String) throws(ClientError) {
    self.init()
    let (path, number) = try BlockDeviceSyntax.split(text)
    guard let rate = UInt64(number) else {
      throw .usage(
        "invalid rate for device: \(text). The correct format is <device-path>:<number>. Number must be a positive integer"
      )
    }
    (self.path, self.rate) = (path, rate)
  }
}
