internal import LinuxKernel

/// Amounts of bytes among a container's options.
enum SizeOption {
  /// A kilobyte has 1000 bytes.
  static func decimal(_ text: String) throws(ContainerError) -> Int64 {
    do { return try ByteSize.decimal(text) } catch { throw .invalid("\(error)") }
  }

  /// A kilobyte has 1024 bytes.
  static func binary(_ text: String) throws(ContainerError) -> Int64 {
    do { return try ByteSize.binary(text) } catch { throw .invalid("\(error)") }
  }
}
