/// Where a copy goes, and what it is called there: Docker's rules, which are those of `cp -r`.
struct CopyTarget: Equatable {
  /// The directory that it is unpacked in.
  var directory: String
  /// Its new name; `nil`: its own.
  var name: String?

  /// - Parameters:
  ///   - path: as given.
  ///   - isDirectory: what is there; `nil`: nothing.
  /// - Throws: ``ClientError/failed(_:)`` in Docker's words.
  init(_ path: String, isDirectory: Bool?, sourceIsDirectory: Bool) throws(ClientError) {
    if isDirectory == true {
      (directory, name) = (path, nil)
      return
    }
    if isDirectory == false, sourceIsDirectory { throw .failed("cannot copy directory") }
    if isDirectory == nil, !sourceIsDirectory, path.hasSuffix("/") || path.hasSuffix("/.") {
      throw .failed("no such directory")
    }
    let parts = CopyPath(path)
    (directory, name) = (parts.directory, parts.name)
  }
}

/// A path in two parts.
struct CopyPath: Equatable {
  /// With a slash at the end, unless it is the current directory: `.`.
  var directory: String
  /// `.` if the content of the directory is meant, `/` for the root.
  var name: String

  init(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard let last = parts.last else {
      (directory, name) = (path.hasPrefix("/") ? "/" : ".", path.hasPrefix("/") ? "/" : ".")
      return
    }
    let head = parts.dropLast().joined(separator: "/")
    name = String(last)
    directory = (path.hasPrefix("/") ? "/" : "") + head + (head.isEmpty ? "" : "/")
    if directory.isEmpty { directory = "." }
  }
}
