internal import LinuxKernel

/// The files of a log, as `LogRotation` of the shim names them.
struct LogFileSet: Sendable {
  let path: String
  let maximumFiles: Int

  /// All files that there are, the oldest one first, each once.
  ///
  /// They may be moved on meanwhile. A file never moves towards the current one: whoever looks at them in that order, from
  /// the newest one on, meets each at least once.
  func open() throws -> [OpenLogFile] {
    var files: [OpenLogFile] = []
    for index in 0..<maximumFiles {
      guard let file = try OpenLogFile.open(index == 0 ? path : "\(path).\(index)") else { continue }
      if let last = files.last, try last.isSame(as: file) { continue }
      files.append(file)
    }
    return files.reversed()
  }

  /// What there is to read after `file`, and whether something is missing in between.
  func open(after file: OpenLogFile) throws -> (files: [OpenLogFile], isGap: Bool) {
    let files = try open()
    guard let index = try files.firstIndex(where: { try $0.isSame(as: file) }) else {
      // Of a log of one file, only the one before the current one can be known to be that.
      return (files, maximumFiles > 1 && !files.isEmpty)
    }
    return (Array(files[(index + 1)...]), false)
  }
}
