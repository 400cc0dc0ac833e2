internal import OCIImageSpec

/// An image in an archive: where its parts are, before any of them is trusted.
struct ArchivedImage {
  /// The configuration's text, whose digest is the image's ID.
  var configuration: [UInt8]
  /// The name of the file that the configuration came from.
  var configurationEntry: String
  var layers: [Layer]
  var names: [Reference]
  /// The manifest's text, if there is one.
  var manifest: [UInt8]?

  struct Layer {
    /// The name of the file in the archive.
    var entry: String
    /// What the file is.
    var mediaType: MediaType
    /// What the archive says about the file; `nil` if it says nothing.
    var descriptor: Descriptor?
  }
}
