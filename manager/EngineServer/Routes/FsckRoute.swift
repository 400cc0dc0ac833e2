internal import EngineAPI
package import Images

extension Route {
  /// `POST /proa/fsck`, which Docker does not have: looks at everything that images have on the disk.
  package static func fsck(_ images: ImageService) -> Route {
    Route(.POST, "/proa/fsck") { request in
      .json(FsckReport(try await images.check(repairing: request.query.bool("repair"))))
    }
  }
}

extension FsckReport {
  fileprivate init(_ report: ImageCheckReport) {
    self.init()
    (blobs, layers) = (Int64(report.blobs), Int64(report.layers))
    faults = report.faults.map { found in
      var fault = Fault()
      (fault.kind, fault.digest, fault.images, fault.reason) =
        (found.kind.rawValue, "\(found.digest)", found.images, found.reason)
      switch found.repair {
      case .none: break
      case .done: fault.isRepaired = true
      case .impossible(let reason): fault.obstacle = reason
      }
      return fault
    }
  }
}
