package main

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// levels names, for each architecture that is compiled at a level, the setting that holds it and the level that goes without saying.
var levels = map[string]struct{ setting, usual string }{
	"amd64":    {"GOAMD64", "v1"},
	"arm":      {"GOARM", ""},
	"arm64":    {"GOARM64", "v8"},
	"mips":     {"GOMIPS", "hardfloat"},
	"mipsle":   {"GOMIPS", "hardfloat"},
	"mips64":   {"GOMIPS64", "hardfloat"},
	"mips64le": {"GOMIPS64", "hardfloat"},
}

// platform is what this program was compiled for, as containers name it: os/architecture[/variant].
func platform() string {
	settings := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			settings[setting.Key] = setting.Value
		}
	}
	return name(runtime.GOOS, runtime.GOARCH, settings)
}

// name spells a platform from the settings that the compiler recorded: GOARM=7 of linux/arm is linux/arm/v7.
func name(system, architecture string, settings map[string]string) string {
	level := levels[architecture]
	variant, _, _ := strings.Cut(settings[level.setting], ",")
	variant = strings.TrimSuffix(variant, ".0")
	if variant == "" || variant == level.usual {
		return system + "/" + architecture
	}
	if architecture == "arm" {
		variant = "v" + variant
	}
	return system + "/" + architecture + "/" + variant
}
