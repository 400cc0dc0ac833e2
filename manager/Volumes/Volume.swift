public import JSON

/// A directory that outlives the containers that have it mounted.
public struct Volume: Equatable, Sendable {
  public var name: String
  /// Nanoseconds since 1970.
  public var createdAt: Int64
  public var labels: [String: String]
  /// As the driver was given them.
  public var options: [String: String]
  /// Whether it was made because a container needed one, and nobody named it.
  public var isAnonymous: Bool

  public init(
    name: String, createdAt: Int64, labels: [String: String] = [:], options: [String: String] = [:],
    isAnonymous: Bool = false
  ) {
    self.name = name
    self.createdAt = createdAt
    self.labels = labels
    self.options = options
    self.isAnonymous = isAnonymous
  }
}

extension Volume {
  /// The driver of all of them.
  public static let driver = "local"

  /// What they mean; of a volume that was made they were judged then.
  var parsed: VolumeOptions {
    get throws(VolumeError) { try VolumeOptions(options) }
  }

  /// The part that has no column of its own in the database, as JSON text.
  public var details: String { JSONWriter.string(Details(self)) }

  /// - Throws: `JSONError` if `details` is not what ``details`` wrote.
  public init(name: String, details: String) throws(JSONError) {
    let details = try Details(json: JSONReader.read(details))
    self.init(
      name: name, createdAt: details.createdAt, labels: details.labels, options: details.options,
      isAnonymous: details.isAnonymous)
  }

  private struct Details: JSONMappable {
    var createdAt: Int64 = 0
    var labels: [String: String] = [:]
    var options: [String: String] = [:]
    var isAnonymous = false

    init() {}

    init(_ volume: Volume) {
      (createdAt, labels, isAnonymous) = (volume.createdAt, volume.labels, volume.isAnonymous)
      options = volume.options
    }

    mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("createdAt", &createdAt)
      try json.nonEmpty("labels", &labels)
      try json.nonEmpty("options", &options)
      try json.flag("isAnonymous", &isAnonymous)
    }
  }
}
