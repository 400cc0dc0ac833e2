public import JSON
internal import LinuxKernel

/// An image whose files a container has at a path, to read.
public struct MountedImage: Equatable, Sendable, JSONMappable {
  /// As it was asked for.
  public var name = ""
  /// `sha256:…` of its configuration.
  public var imageID = ""
  /// The chain ID of its topmost layer; empty for an image without layers.
  public var chainID = ""
  public var target = ""
  /// The folder or file in it that the container gets, relative; empty is all of it.
  public var subpath = ""

  public init() {}

  /// - Parameters:
  ///   - request: of the kind ``MountRequest/Kind/image``.
  ///   - image: what it means now.
  init(_ request: MountRequest, _ image: ContainerImage) {
    (name, target, subpath) = (request.source, PathCleaning.clean(request.target), request.subpath)
    (imageID, chainID) = (image.id, image.chainID)
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("name", &name)
    try json.required("imageID", &imageID)
    try json.field("chainID", &chainID)
    try json.required("target", &target)
    try json.nonEmpty("subpath", &subpath)
  }

  /// As a directory or file of the host.
  func bind(at source: String) -> MountRequest {
    var mount = MountRequest()
    (mount.source, mount.target, mount.readOnly) = (source, target, true)
    return mount
  }

  /// Opens ``subpath`` in the image's files, as a path. Links in them lead where they would in a container of that image, and
  /// never out of it, whoever made them (the class of CVE-2021-25741). Blocks.
  /// - Parameter tree: where all of the image is mounted.
  /// - Throws: ``ContainerError/invalid(_:)`` if there is no such thing.
  func openPart(of tree: String) throws -> FileDescriptor {
    let whole = try FileDescriptor.open(tree, [.pathOnly, .directory])
    do throws(SyscallError) {
      return try whole.open(at: subpath, .pathOnly, resolve: [.inRoot, .noMagicLinks])
    } catch {
      throw ContainerError.invalid("cannot access path \(subpath) of image \(name): \(error.errno)")
    }
  }
}

extension HostConfiguration {
  /// The images whose files are asked for, as they were called.
  var namesOfMountedImages: [String] { mounts.filter { $0.kind == .image }.map(\.source) }

  /// What is mounted of images.
  /// - Parameters:
  ///   - images: what ``namesOfMountedImages`` mean, in their order.
  ///   - inherited: what comes from other containers, where nothing else was asked for.
  func mountedImages(
    _ images: some Sequence<ContainerImage>, inherited: [MountedImage]
  ) throws(ContainerError) -> [MountedImage] {
    let asked = try mountTargets()
    return zip(mounts.filter { $0.kind == .image }, images).map { MountedImage($0, $1) }
      + inherited.filter { !asked.contains($0.target) }
  }
}
