internal import ShimProtocol

/// `json-file`: Docker's format, a JSON object a line. Rotated if nothing is said, unlike Docker's: a log without an end
/// fills the disk.
struct JSONFileDriver: LogDriver {
  let name = "json-file"
  var decoder: (any LogDecoder)? { JSONFileDecoder() }

  private static let options: Set<String> = [
    "max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag",
  ]

  func check(_ options: [String: String]) throws(ContainerError) {
    if let name = options.keys.sorted().first(where: { !Self.options.contains($0) }) {
      throw .invalid("unknown log opt '\(name)' for \(self.name) log driver")
    }
    _ = try rotation(options)
    try LogAttributes.check(options)
    if let tag = options["tag"] { _ = try LogTag(tag) }
  }

  func configuration(_ record: ContainerRecord, _ paths: ContainerPaths) throws(ContainerError) -> LogConfiguration {
    let options = record.host.logOptions
    var configuration = LogConfiguration(.jsonFile, path: paths.log(record.id))
    try rotation(options).set(&configuration)
    configuration.attributes = try LogAttributes.of(record, options)
    if let tag = options["tag"], !tag.isEmpty { configuration.attributes["tag"] = try LogTag(tag).text(record) }
    configuration.buffer = try LogBuffer(options).size
    return configuration
  }

  private func rotation(_ options: [String: String]) throws(ContainerError) -> LogRotation {
    // Who says how long a file may be and not how many there may be gets one, as from Docker.
    var rotation = LogRotation(
      maximumFiles: options["max-size"] == nil ? LogRotation.standardFiles : 1, compresses: false)
    try rotation.read(options)
    guard !rotation.compresses || (rotation.maximumFiles > 1 && rotation.maximumSize > 0) else {
      throw .invalid("compress cannot be true when max-file is less than 2 or max-size is not set")
    }
    return rotation
  }
}
