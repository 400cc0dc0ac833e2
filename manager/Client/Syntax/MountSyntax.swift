internal import EngineAPI
internal import LinuxKernel

/// The value of `--mount`: `type=bind,source=/a,target=/b,readonly`.
enum MountSyntax {
  /// - Throws: ``ClientError/usage(_:)`` that names the field.
  static func parse(_ text: String) throws(ClientError) -> Mount {
    var mount = Mount()
    for field in text.split(separator: ",") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try set(parts[0].lowercased(), parts.count > 1 ? String(parts[1]) : nil, field, &mount)
    }
    guard !mount.target.isEmpty else {
      throw .usage("invalid argument \"\(text)\" for \"--mount\" flag: target is required")
    }
    guard mount.type != .bind || !mount.source.isEmpty else {
      throw .usage("invalid argument \"\(text)\" for \"--mount\" flag: source is required for bind mounts")
    }
    try check(mount, text)
    return mount
  }

  /// Options of another type than the mount's.
  private static func check(_ mount: Mount, _ text: String) throws(ClientError) {
    let options: [(String, MountType, Bool)] = [
      ("volume", .volume, mount.volumeOptions != nil), ("bind", .bind, mount.bindOptions != nil),
      ("image", .image, mount.imageOptions != nil), ("tmpfs", .tmpfs, mount.tmpfsOptions != nil),
    ]
    for (prefix, type, isGiven) in options where isGiven && mount.type != type {
      throw .usage(
        "invalid argument \"\(text)\" for \"--mount\" flag: "
          + "cannot mix '\(prefix)-*' options with mount type '\(mount.type.rawValue)'")
    }
  }

  private static func set(
    _ key: String, _ value: String?, _ field: Substring, _ mount: inout Mount
  ) throws(ClientError) {
    switch key {
    case "readonly", "ro":
      mount.readOnly = try boolean(value, field)
      return
    case let key where key.hasPrefix("volume-"):
      var options = mount.volumeOptions ?? Mount.VolumeOptions()
      try setVolume(key, value, field, &options)
      mount.volumeOptions = options
      return
    case "bind-nonrecursive":
      mount.bindOptions = mount.bindOptions ?? Mount.BindOptions()
      mount.bindOptions?.nonRecursive = try boolean(value, field)
      return
    default: break
    }
    guard let value else { throw .usage("invalid field '\(field)' must be a key=value pair") }
    switch key {
    case "type": mount.type = MountType(rawValue: value.lowercased())
    case "source", "src": mount.source = value
    case "target", "dst", "destination": mount.target = value
    case "consistency": mount.consistency = value
    case "idmap":
      guard !value.isEmpty else { throw .usage("invalid field '\(field)' needs ids: idmap=uids=…;gids=…") }
      mount.idMap = value
    case "bind-propagation":
      mount.bindOptions = mount.bindOptions ?? Mount.BindOptions()
      mount.bindOptions?.propagation = value
    case "image-subpath":
      mount.imageOptions = mount.imageOptions ?? Mount.ImageOptions()
      mount.imageOptions?.subpath = value
    case "tmpfs-size", "tmpfs-mode": try setTmpfs(key, value, field, &mount)
    default: throw .usage("unexpected key '\(key)' in '\(field)'")
    }
  }

  private static func setVolume(
    _ key: String, _ value: String?, _ field: Substring, _ options: inout Mount.VolumeOptions
  ) throws(ClientError) {
    if key == "volume-nocopy" { return options.noCopy = try boolean(value, field) }
    guard let value else { throw .usage("invalid field '\(field)' must be a key=value pair") }
    let pair = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch key {
    case "volume-subpath": options.subpath = value
    case "volume-label": options.labels[pair[0]] = pair.count > 1 ? pair[1] : ""
    case "volume-driver", "volume-opt":
      var driver = options.driverConfig ?? Mount.VolumeDriver()
      if key == "volume-driver" { driver.name = value } else { driver.options[pair[0]] = pair.count > 1 ? pair[1] : "" }
      options.driverConfig = driver
    default: throw .usage("unexpected key '\(key)' in '\(field)'")
    }
  }

  private static func setTmpfs(
    _ key: String, _ value: String, _ field: Substring, _ mount: inout Mount
  ) throws(ClientError) {
    var options = mount.tmpfsOptions ?? Mount.TmpfsOptions()
    if key == "tmpfs-size" {
      do { options.sizeBytes = try ByteSize.binary(value) } catch {
        throw .usage("invalid value for tmpfs-size: \(value)")
      }
    } else {
      guard let mode = UInt32(value, radix: 8) else { throw .usage("invalid value for tmpfs-mode: \(value)") }
      options.mode = mode
    }
    mount.tmpfsOptions = options
  }

  private static func boolean(_ value: String?, _ field: Substring) throws(ClientError) -> Bool {
    switch value {
    case nil, "1", "true": return true
    case "0", "false": return false
    default: throw .usage("invalid value in '\(field)': must be true or false")
    }
  }
}
