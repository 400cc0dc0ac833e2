public import OCIImageSpec

/// An image as it is kept: what the catalog stores.
public struct ImageRecord: Equatable, Sendable {
  /// The digest of the configuration.
  public var id: Digest
  /// The blobs that hold the layers from the bottom up, compressed or not, as they came.
  public var layers: [Descriptor]
  /// The image that it was made of here, by a commit.
  public var parent: Digest?
  /// The manifest's blob, if the image came with one.
  public var manifest: Digest?
  /// Bytes of each layer's files, unpacked, from the bottom up.
  public var layerSizes: [Int64]
  /// Nanoseconds since 1970 of the last time a name was given to it.
  public var lastTagged: Int64
  /// The names, sorted.
  public var names: [Reference]

  public init(
    id: Digest, layers: [Descriptor] = [], manifest: Digest? = nil, layerSizes: [Int64] = [],
    lastTagged: Int64 = 0, names: [Reference] = []
  ) {
    self.id = id
    self.layers = layers
    self.manifest = manifest
    self.layerSizes = layerSizes
    self.lastTagged = lastTagged
    self.names = names
  }

  /// Bytes of all layers' files, as `docker images` shows. A hostile record cannot make it overflow.
  public var size: Int64 { layerSizes.reduce(0) { $0.addingReportingOverflow($1).partialValue } }
}

/// An image, ready to make containers from.
public struct ResolvedImage: Equatable, Sendable {
  /// The record, with names as of now.
  public var record: ImageRecord
  public var configuration: ImageConfiguration

  /// The digest of the configuration.
  public var id: Digest { record.id }
  public var names: [Reference] { record.names }
  /// The chain ID of the topmost layer, which is what a container stands on; `nil` for an image without layers.
  public var chainID: Digest? { layerIDs.last }

  /// The chain IDs of its layers, from the bottom up.
  public var layerIDs: [Digest] { ChainID.all(configuration.rootfs.diffIDs) }

  public init(record: ImageRecord, configuration: ImageConfiguration) {
    self.record = record
    self.configuration = configuration
  }
}
