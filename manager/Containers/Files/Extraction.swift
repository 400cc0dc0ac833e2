internal import LinuxKernel
internal import Tar

/// Unpacks one archive in a container's files. Blocks.
struct Extraction: ~Copyable {
  let request: ExtractionRequest
  /// Of the container, as it is configured.
  let user: String
  /// As the client calls it.
  let container: String
  let root: FileDescriptor

  init(request: ExtractionRequest, user: String, container: String, root: borrowing FileDescriptor) throws {
    self.request = request
    self.user = user
    self.container = container
    self.root = try root.duplicate()
  }

  consuming func run(_ bytes: any ByteSource) throws {
    let directory = try WritableDirectory(request.path, in: root, container: container)
    if try directory.descriptor.isOnReadOnlyMount() {
      let isRoot = try directory.descriptor.status().device == root.status().device
      throw ContainerError.readOnly(
        isRoot ? "container rootfs is marked read-only" : "mounted volume is marked read-only")
    }
    var options = TreeUnpacker.Options()
    options.keepsKinds = request.keepsKinds
    if request.belongsToUser, !user.isEmpty {
      let user = try UserLookup(root: root).user(user)
      options.ownership = .fixed(user: user.uid, group: user.gid)
    }
    do {
      let (plain, _) = try Compression.uncompressed(bytes, entry: "")
      let unpacker = try TreeUnpacker(
        root: try root.duplicate(), top: try directory.descriptor.duplicate(), place: Array(directory.place.utf8),
        options)
      try unpacker.unpack(TarReader(plain))
    } catch let error as TarError {
      let culprit = error.entry.isEmpty ? "" : "\(error.entry): "
      throw ContainerError.invalid("Error processing tar file: \(culprit)\(error.reason)")
    } catch let error as any DecompressionFailure {
      throw ContainerError.invalid("Error processing tar file: \(error)")
    }
  }
}
