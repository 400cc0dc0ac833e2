public import JSON

/// A volume as a container has it.
public struct ContainerVolume: Equatable, Sendable, JSONMappable {
  public var name = ""
  /// Where its files are on the host.
  public var source = ""
  public var target = ""
  public var readOnly = false
  /// Whether nobody named it: it goes with the container, if whoever removes that asks for it.
  public var isAnonymous = false
  /// Whether it gets the image's files if it is empty.
  public var copies = true
  /// For a volume that is to be made.
  public var labels: [String: String] = [:]
  /// The same: of its driver.
  public var options: [String: String] = [:]
  /// The folder in it that the container gets, relative; empty is all of it.
  public var subpath = ""
  /// ``MountRequest/idMap``
  public var idMap = ""

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("name", &name)
    try json.required("source", &source)
    try json.required("target", &target)
    try json.flag("readOnly", &readOnly)
    try json.flag("isAnonymous", &isAnonymous)
    try json.field("copies", &copies)
    try json.nonEmpty("labels", &labels)
    try json.nonEmpty("options", &options)
    try json.nonEmpty("subpath", &subpath)
    try json.nonEmpty("idMap", &idMap)
  }
}

extension ContainerVolume {
  /// As a directory of the host.
  var bind: MountRequest {
    var mount = MountRequest()
    (mount.source, mount.target, mount.readOnly, mount.idMap) = (source, target, readOnly, idMap)
    return mount
  }

  /// - Parameter request: of the kind ``MountRequest/Kind/volume``.
  init(_ request: MountRequest) {
    (name, target, readOnly) = (request.source, PathCleaning.clean(request.target), request.readOnly)
    (copies, labels, isAnonymous) = (request.copies, request.labels, request.source.isEmpty)
    (options, subpath, idMap) = (request.driverOptions, request.subpath, request.idMap)
  }
}

extension HostConfiguration {
  /// The volumes that are asked for; those at `paths` are anonymous, unless something is mounted there anyway.
  /// - Parameter inherited: what comes from other containers, where nothing else was asked for.
  func volumes(
    at paths: [String], inherited: InheritedMounts = InheritedMounts()
  ) throws(ContainerError) -> [ContainerVolume] {
    let asked = try mountTargets()
    let volumes = inherited.volumes.filter { !asked.contains($0.target) }
    let taken = asked.union(inherited.volumes.map(\.target) + inherited.images.map(\.target))
    let anonymous = Set(paths.map(PathCleaning.clean)).subtracting(taken).sorted().map { path in
      var volume = ContainerVolume()
      (volume.target, volume.isAnonymous) = (path, true)
      return volume
    }
    return try allMounts().filter { $0.kind == .volume }.map(ContainerVolume.init) + volumes + anonymous
  }
}
