/// What a container gets of what others have mounted.
struct InheritedMounts: Equatable {
  private(set) var volumes: [ContainerVolume] = []
  private(set) var binds: [MountRequest] = []
  private(set) var images: [MountedImage] = []

  /// The last one at a path counts.
  mutating func add(_ volume: ContainerVolume) {
    clear(volume.target)
    volumes.append(volume)
  }

  mutating func add(_ bind: MountRequest) {
    clear(bind.target)
    binds.append(bind)
  }

  mutating func add(_ image: MountedImage) {
    clear(image.target)
    images.append(image)
  }

  private mutating func clear(_ target: String) {
    volumes.removeAll { $0.target == target }
    images.removeAll { $0.target == target }
    binds.removeAll { PathCleaning.clean($0.target) == PathCleaning.clean(target) }
  }
}

extension ContainerService {
  /// The mounts of the containers named in `--volumes-from`, `name[:ro|rw]`; no tmpfs.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  func inherited(by host: HostConfiguration) throws(ContainerError) -> InheritedMounts {
    var mounts = InheritedMounts()
    for wish in host.volumesFrom {
      let (name, isReadOnly) = try Self.parse(wish)
      let donor: ContainerRecord
      // It is the request that is wrong: what is not found there must not look like the image.
      do throws(ContainerError) { donor = try index.find(name).record } catch { throw .invalid("\(error)") }
      for var bind in try donor.host.allMounts() where bind.kind == .bind {
        bind.readOnly = bind.readOnly || isReadOnly
        mounts.add(bind)
      }
      for var volume in donor.volumes {
        volume.readOnly = volume.readOnly || isReadOnly
        mounts.add(volume)
      }
      for image in donor.mountedImages { mounts.add(image) }
    }
    return mounts
  }

  private static func parse(_ wish: String) throws(ContainerError) -> (name: String, isReadOnly: Bool) {
    guard !wish.isEmpty else { throw .invalid("volumes-from specification cannot be an empty string") }
    let parts = wish.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return (wish, false) }
    // Labels mean nothing without SELinux.
    let modes = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard modes.allSatisfy({ ["ro", "rw", "z", "Z"].contains($0) }), !(modes.contains("ro") && modes.contains("rw"))
    else { throw .invalid("invalid mode: \(parts[1])") }
    return (parts[0], modes.contains("ro"))
  }
}
