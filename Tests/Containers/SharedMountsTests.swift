import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite struct SharedMountsTests {
  private let mounts = SharedMounts(
    mountinfo: """
      1 0 8:1 / / rw,relatime - ext4 /dev/sda rw
      2 1 0:2 / /srv rw shared:5 - tmpfs none rw
      3 1 0:3 / /data rw master:5 - tmpfs none rw
      4 1 0:4 / /with\\040space rw shared:6 master:5 - tmpfs none rw
      5 2 0:5 / /srv/own rw - tmpfs none rw
      """)

  @Test(arguments: [
    ("rshared", "/srv/a"), ("shared", "/srv"), ("rslave", "/srv"), ("slave", "/data/x"), ("rshared", "/with space/x"),
    ("rprivate", "/"), ("private", "/srv/own"), (nil, "/"),
  ])
  func passes(propagation: String?, source: String) throws {
    try mounts.check(propagation, source: "/given", resolved: source)
  }

  @Test(arguments: [
    ("rshared", "/x", "path /x is mounted on / but it is not a shared mount"),
    ("shared", "/srvx", "path /srvx is mounted on / but it is not a shared mount"),
    ("rshared", "/data", "path /data is mounted on /data but it is not a shared mount"),
    ("shared", "/srv/own/y", "path /srv/own/y is mounted on /srv/own but it is not a shared mount"),
    ("rslave", "/x", "path /x is mounted on / but it is not a shared or slave mount"),
  ])
  func refuses(propagation: String, source: String, message: String) {
    #expect(throws: ContainerError.invalid(message)) { try mounts.check(propagation, source: source, resolved: source) }
  }

  @Test func theWayThroughLinksIsForgottenInTheMessageOnly() {
    #expect(throws: ContainerError.invalid("path /link is mounted on /data but it is not a shared mount")) {
      try mounts.check("rshared", source: "/link", resolved: "/data/x")
    }
  }

  @Test(
    arguments: [
      ([], nil), (["rprivate"], nil), (["rslave"], .rslave), (["slave", "rshared"], .shared),
    ] as [([String], RootfsPropagation?)])
  func theRootTakesPartAsFarAsItsMountsDo(modes: [String], expected: RootfsPropagation?) {
    let mounts = modes.map { mode in
      var mount = MountRequest()
      mount.propagation = mode
      return mount
    }
    #expect(SpecBuilder.rootPropagation(for: mounts) == expected)
  }
}
