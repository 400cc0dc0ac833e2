internal import LinuxKernel
public import ShimProtocol

extension Container {
  /// Has the images that the container mounts where the runtime will look for them, for reading only.
  func mountImages() async throws {
    let folder = MountFolder(path: bundle.images)
    for (index, image) in record.mountedImages.enumerated() {
      // Of a part, all of the image is there only until the part is.
      let name = image.subpath.isEmpty ? "\(index)" : "whole"
      let tree = try await surroundings.threads.runIfActive { try folder.makePlace(name) }
      try await surroundings.rootfs.mountImage(chainID: image.chainID, at: tree)
      guard !image.subpath.isEmpty else { continue }
      try await surroundings.threads.runIfActive {
        try folder.attach(try image.openPart(of: tree), as: "\(index)")
        try Mounts.detach(tree)
      }
    }
  }

  /// Takes that back.
  func unmountImages() async throws {
    guard !record.mountedImages.isEmpty else { return }
    let folder = MountFolder(path: bundle.images)
    try await surroundings.threads.runIfActive { try folder.unmount() }
  }

  /// Runs `body` while what a container that does not run has of volumes and images is where that of one that runs is.
  func withMounts<Value: Sendable>(_ body: (isolated Container) async throws -> Value) async throws -> Value {
    let result: Result<Value, any Error>
    do {
      try await mountVolumes(isTold: false)
      try await mountImages()
      result = .success(try await body(self))
    } catch { result = .failure(error) }
    try await unmountImages()
    try await unmountVolumes(isTold: false)
    let bundle = bundle
    try await surroundings.threads.runIfActive { try Self.removeMountFolders(of: bundle) }
    return try result.get()
  }

  /// Removes the folders that were made for the mounts.
  private static func removeMountFolders(of bundle: BundleLayout) throws(SyscallError) {
    for path in [bundle.volumeParts, bundle.images] { try Directory.removeEmpty(path) }
    do throws(SyscallError) { try Directory.removeEmpty(bundle.path) } catch {
      // What a run has left there goes when that is taken down.
      guard error.errno == .notEmpty else { throw error }
    }
  }
}

extension ContainerRecord {
  /// What the container has of images, as it is mounted for a bundle.
  public func images(in bundle: BundleLayout) -> [MountRequest] {
    mountedImages.enumerated().map { index, image in
      image.bind(at: MountFolder(path: bundle.images).place("\(index)"))
    }
  }
}
