import Testing

@testable import Containers

@Suite struct UserLookupTests {
  private let lookup = UserLookup(
    passwd: """
      root:x:0:0:root:/root:/bin/sh
      www:x:33:34:www:/var/www:/bin/false
      1000:x:77:78:a user with a number for a name:/:/bin/sh
      torn
      bad:x:minus:1::/:
      """,
    group: """
      root:x:0:
      www:x:34:
      audio:x:29:www,other
      video:x:44:other,www
      """)

  @Test(
    arguments: [
      ("", 0, 0, []), ("root", 0, 0, []), ("www", 33, 34, [29, 44]), ("33", 33, 34, [29, 44]), ("5", 5, 0, []),
      ("www:audio", 33, 29, []), ("33:44", 33, 44, []), ("5:6", 5, 6, []), ("1000", 77, 78, []),
    ] as [(String, UInt32, UInt32, [UInt32])])
  func finds(text: String, uid: UInt32, gid: UInt32, groups: [UInt32]) throws {
    let user = try lookup.user(text)
    #expect(user.uid == uid)
    #expect(user.gid == gid)
    // The primary group is always among them (CVE-2022-36109).
    #expect(user.additionalGids == Set(groups + [gid]).sorted())
  }

  @Test func addsGroups() throws {
    #expect(try lookup.user("5", groups: ["audio", "99"]).additionalGids == [0, 29, 99])
  }

  @Test(arguments: ["nobody", "bad", "4294967295", "-1", "www:nogroup", "5:-1"])
  func refuses(text: String) { #expect(throws: ContainerError.self) { try lookup.user(text) } }
}
