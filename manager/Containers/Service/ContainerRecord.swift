public import JSON

/// Everything about a container that survives the daemon.
public struct ContainerRecord: Equatable, Sendable {
  public var id: ContainerID
  public var name: ContainerName
  public var createdAt: Timestamp
  /// The image as it was asked for.
  public var imageName: String
  /// `sha256:…`
  public var imageID: String
  /// The chain ID of the image's topmost layer.
  public var chainID: String
  public var configuration: ContainerConfiguration
  public var host: HostConfiguration
  /// What it has of volumes, anonymous ones included.
  public var volumes: [ContainerVolume] = []
  /// Images that it has mounted; each stays as long as it is there.
  public var mountedImages: [MountedImage] = []
  /// Of one that is being removed: whether its anonymous volumes go with it.
  public var removesVolumes = false
  public var state: ContainerState
  /// On its networks, the one of its mode first; none if its interfaces are another container's.
  public var places: [NetworkPlace] = []
  /// How often its restart policy has started it since somebody did.
  public var restartCount = 0
  /// Whether somebody asked it to end since it was started last.
  public var wasStopped = false
  /// `nil` if nobody asks, or it never ran.
  public var health: ContainerHealth?

  public init(
    id: ContainerID, name: ContainerName, createdAt: Timestamp, imageName: String, image: ContainerImage,
    configuration: ContainerConfiguration, host: HostConfiguration
  ) {
    self.id = id
    self.name = name
    self.createdAt = createdAt
    self.imageName = imageName
    imageID = image.id
    chainID = image.chainID
    self.configuration = configuration
    self.host = host
    state = .created(nil)
    places = Self.places(of: host.networkMode)
  }
}

extension ContainerRecord {
  /// What the container calls itself: as configured, or its short identifier.
  public var hostname: String { configuration.hostname.isEmpty ? id.short : configuration.hostname }

  /// The identifiers of the image that it was made of, and of those that it has mounted.
  var usedImages: Set<String> { Set([imageID] + mountedImages.map(\.imageID)) }

  /// The part of the record that has no column of its own in the database, as JSON text.
  public var details: String { JSONWriter.string(Details(self)) }

  /// - Throws: `JSONError` if `details` is not what ``details`` wrote.
  public init(
    id: ContainerID, name: ContainerName, createdAt: Timestamp, imageID: String, details: String
  ) throws(JSONError) {
    let details = try Details(json: JSONReader.read(details))
    self.id = id
    self.name = name
    self.createdAt = createdAt
    self.imageID = imageID
    imageName = details.imageName
    chainID = details.chainID
    configuration = details.configuration
    host = details.host
    do { _ = try host.allMounts() } catch { throw JSONError(.invalid("\(error)"), path: "host.binds") }
    volumes = details.volumes
    mountedImages = details.mountedImages
    removesVolumes = details.removesVolumes
    state = details.state
    places = details.places ?? Self.places(of: host.networkMode)
    restartCount = details.restartCount
    wasStopped = details.wasStopped
    health = details.health
  }
}

private struct Details: JSONMappable {
  var imageName = ""
  var chainID = ""
  var configuration = ContainerConfiguration()
  var host = HostConfiguration()
  var volumes: [ContainerVolume] = []
  var mountedImages: [MountedImage] = []
  var removesVolumes = false
  var state = ContainerState.created(nil)
  /// `nil` in a record of before there were others than that of the mode.
  var places: [NetworkPlace]?
  var restartCount = 0
  var wasStopped = false
  var health: ContainerHealth?

  init() {}

  init(_ record: ContainerRecord) {
    imageName = record.imageName
    chainID = record.chainID
    configuration = record.configuration
    host = record.host
    volumes = record.volumes
    mountedImages = record.mountedImages
    removesVolumes = record.removesVolumes
    state = record.state
    places = record.places
    restartCount = record.restartCount
    wasStopped = record.wasStopped
    health = record.health
  }

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("imageName", &imageName)
    try json.field("chainID", &chainID)
    try json.required("configuration", &configuration)
    try json.required("host", &host)
    try json.nonEmpty("volumes", &volumes)
    try json.nonEmpty("mountedImages", &mountedImages)
    try json.flag("removesVolumes", &removesVolumes)
    try json.required("state", &state)
    try json.optional("places", &places)
    try json.field("restartCount", &restartCount)
    try json.flag("wasStopped", &wasStopped)
    try json.optional("health", &health)
  }
}
