"""`--format`: the same templates with the proa command and the real docker command, on the same daemon."""

import pytest
from polling import eventually

pytestmark = pytest.mark.proa_only("this drives the proa command")

OF_CONTAINERS = [
    "{{.Name}}", "{{.Id}} {{.Created}}", "{{.ID}}", "{{.State.Status}} {{.State.Running}} {{.State.ExitCode}}",
    "{{index .Config.Labels \"a\"}}", "{{index .Config.Labels \"q\"}}|", "{{.Config.Labels}} {{.Config.Cmd}}",
    "{{json .Config.Labels}}", "{{json .Config.Entrypoint}}", "{{json .HostConfig.PortBindings}}", "{{json .Mounts}}",
    "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}", "{{range .Config.Cmd}}<{{.}}>{{end}}",
    "{{range $p, $b := .HostConfig.PortBindings}}{{$p}}:{{(index $b 0).HostPort}}{{end}}",
    "{{range $name, $network := .NetworkSettings.Networks}}{{$name}} {{$network.IPAddress}}{{end}}",
    "{{range .Mounts}}{{.Type}} {{.Source}}:{{.Destination}} {{.RW}}{{println}}{{end}}",
    "{{if .State.Running}}up{{else if eq .State.Status \"created\"}}new{{else}}down{{end}}",
    "{{with .Config.Env}}{{index . 0}}{{end}}{{with .Config.Domainname}}x{{else}}none{{end}}",
    "{{join .Config.Cmd \",\"}} {{upper .Name}} {{title \"ab cd\"}} {{split .Name \"/\"}} {{len .Config.Cmd}}",
    "{{printf \"%s %d %q %v\" .Name .State.ExitCode .Name .State.Running}}", "{{.Name | printf \"%-8s|%s\" \"a\"}}",
    "{{eq .HostConfig.Memory 0}} {{gt .HostConfig.ShmSize 1}} {{ne .Name \"x\"}} {{not .State.Running}}",
    "{{and .Name .State.Running}} {{or .Config.User \"root\"}} {{le 1 1}} {{ge 1 2}} {{lt \"a\" \"b\"}}",
    "{{$n := .Name}}{{- /* gone */ -}}  {{$n}}{{println 1 2}}{{print .Name 1 2}}", "{{.HostConfig.Memory}}", "plain",
    "{{.Foo}}", "{{.State.Foo.Bar}}", "{{.Name.Foo}}", "{{index .Config.Cmd 9}}", "{{index .Config.Cmd \"x\"}}", "{{len}}",
    "{{eq .Name 1}}", "{{range .Name}}{{end}}", "{{upper 1}}", "{{join .Name \",\"}}", "{{.Name 1}}", "{{printf \"%d\" .Name}}",
    "{{.Foo", "{{foo}}", "{{if}}{{end}}", "{{end}}", "{{if .A}}", "{{.A}", "{{$x}}", "{{\"a}}", "{{(.A}}", "{{|}}",
]
OF_PS = [
    "{{.ID}}\\t{{.Names}}\\t{{.Image}}", "table {{.ID}}\\t{{.Names}}\\t{{.Status}}\\t{{.Label \"a\"}}", "json",
    "{{.Labels}}|{{.Label \"a\"}}|{{.Label \"q\"}}|{{.CreatedAt}}|{{.Mounts}}|{{.LocalVolumes}}|{{.Networks}}|{{.Size}}",
    "table {{upper .Names}} {{.State}}", "{{json .Names}} {{.Command}}", "{{.Foo}}", "{{.ID", "table", "{{upper .Image}}",
]
OF_IMAGES = ["{{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}", "table {{.ID}}\\t{{.Repository}}", "{{.CreatedAt}}", "{{.Foo}}", "{{.ID"]


@pytest.fixture
def both(proa, dock):
    """Runs a command line with either command; gives what they print and with what they exit."""
    def run(*arguments):
        results = []
        for command in (proa, dock):
            done = command.run(*arguments)
            # After a failure docker prints the line end of what it did not print.
            results.append((done.stdout if done.returncode == 0 else "", done.stderr, done.returncode))
        return results

    dock("create", "--name", "shown", "-l", "a=b", "-l", "z=y", "-e", "K=v", "-p", "8080:80", "-v", "/tmp:/x:ro", "busybox",
         "sh", "-c", "echo hi")
    return run


def test_inspect(both):
    for template in OF_CONTAINERS:
        ours, theirs = both("inspect", "-f", template, "shown")
        assert ours == theirs, template


def test_inspect_of_one_that_is_there_and_one_that_is_not(both):
    ours, theirs = both("inspect", "--format={{.Name}}", "shown", "nobody")
    assert ours == theirs


def test_ps(both):
    for template in OF_PS:
        def alike():
            ours, theirs = both("ps", "-a", "--filter", "name=shown", "--format", template)
            assert ours == theirs, template
            return True
        eventually(alike, within=5, what="the same, unless a container's age has changed between the two commands")
    ours, theirs = both("ps", "-aq", "--filter", "name=shown", "--format", "{{.Names}}")
    assert ours == theirs


def test_images(both):
    for template in OF_IMAGES:
        ours, theirs = both("images", "--format", template, "busybox")
        assert ours == theirs, template


@pytest.mark.parametrize("template", ["{{.Server.Version}} {{.Server.APIVersion}} {{.Server.Os}}", "{{.Foo}}", "{{.ID"])
def test_version(both, template):
    ours, theirs = both("version", "--format", template)
    assert ours == theirs


@pytest.mark.parametrize("template", ["{{.ID}} {{.NCPU}} {{.Driver}} {{len .SecurityOptions}}", "{{.Foo}}", "{{json .Runtimes}}"])
def test_info(both, template):
    ours, theirs = both("info", "-f", template)
    assert ours == theirs
