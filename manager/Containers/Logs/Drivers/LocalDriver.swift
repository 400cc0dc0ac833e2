internal import ShimProtocol

/// `local`: short records, compressed files; Docker's layout, so that its tools read them too.
struct LocalDriver: LogDriver {
  let name = "local"
  var decoder: (any LogDecoder)? { LocalDecoder() }

  private static let options: Set<String> = ["max-file", "max-size", "compress"]

  func check(_ options: [String: String]) throws(ContainerError) {
    if let name = options.keys.sorted().first(where: { !Self.options.contains($0) }) {
      throw .invalid("unknown log opt '\(name)' for log driver \(self.name)")
    }
    _ = try rotation(options)
  }

  func configuration(_ record: ContainerRecord, _ paths: ContainerPaths) throws(ContainerError) -> LogConfiguration {
    var configuration = LogConfiguration(.local, path: paths.localLog(record.id))
    try rotation(record.host.logOptions).set(&configuration)
    configuration.buffer = try LogBuffer(record.host.logOptions).size
    return configuration
  }

  private func rotation(_ options: [String: String]) throws(ContainerError) -> LogRotation {
    var rotation = LogRotation(maximumFiles: LogRotation.standardFiles, compresses: true)
    try rotation.read(options)
    guard !rotation.compresses || rotation.maximumFiles > 1 else {
      throw .invalid("compression cannot be enabled when max file count is 1")
    }
    return rotation
  }
}
