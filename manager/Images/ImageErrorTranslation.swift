internal import Tar

extension ImageError {
  /// The same failure in the words of this module.
  /// - Parameter layer: the layer's file in the archive in which it happened.
  static func from(_ error: any Error, layer: String = "") -> any Error {
    func place(_ entry: String) -> String {
      layer.isEmpty ? entry : entry.isEmpty || entry == layer ? layer : "\(layer): \(entry)"
    }
    return switch error {
    case ImageError.invalidArchive(let entry, let reason):
      ImageError.invalidArchive(entry: place(entry), reason: reason)
    case let error as ImageError: error
    case let error as TarError where error.isUnsupported:
      ImageError.unsupported(entry: place(error.entry), reason: error.reason)
    case let error as TarError: ImageError.invalidArchive(entry: place(error.entry), reason: error.reason)
    case let error as any DecompressionFailure: ImageError.invalidArchive(entry: place(""), reason: "\(error)")
    case is CancellationError: error
    default: ImageError.failed("\(layer.isEmpty ? "" : "\(layer): ")\(error)")
    }
  }
}
