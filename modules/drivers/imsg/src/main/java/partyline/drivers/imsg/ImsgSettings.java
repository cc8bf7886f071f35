package partyline.drivers.imsg;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import partyline.drivers.Keys;
import partyline.transport.LineSetup.Options;

/// What the configuration says about the imsg of a line: the program, and the Mac that ssh finds it on (none: it is
/// this one). Whatever becomes a part of a command on that Mac is checked or quoted here.
record ImsgSettings(
        String command, Optional<String> host, Optional<String> sshConfig, boolean bridge, Duration pollEvery) {

    static final Set<String> KEYS = Set.of("command", "host", "ssh_config", "bridge", "poll_seconds");

    /// A name or an address, which can be no option and no word of a shell.
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");

    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_./~][A-Za-z0-9_./+-]*");
    private static final String PLAIN = "/._-";
    private static final List<String> SSH = List.of(
            "BatchMode=yes",
            "ConnectTimeout=10",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=3",
            "ClearAllForwardings=yes",
            "EscapeChar=none");

    /// @throws partyline.kernel.StartupFailure naming the key, what is wrong with it, and the fix.
    static ImsgSettings of(Options options) {
        Keys keys = new Keys(options);
        Optional<String> host = options.optional("host");
        if (host.filter(it -> !HOST.matcher(it).matches()).isPresent()) {
            throw options.wrong(
                    "host",
                    "must be a host as ssh takes it, such as mac.local, user@192.168.1.20 or a name of its config");
        }
        Optional<String> config = options.optional("ssh_config");
        if (config.isPresent() && host.isEmpty()) {
            throw options.wrong(
                    "ssh_config", "is for a Mac at the other end of ssh: name it in host, or leave this out");
        }
        String command = options.text("command", "imsg");
        if (host.isPresent() && !PLAIN_PATH.matcher(command).matches()) {
            throw options.wrong(
                    "command", "must be a plain path on the Mac, without spaces, such as /opt/homebrew/bin/imsg");
        }
        return new ImsgSettings(
                command,
                host,
                config,
                keys.choice("bridge", "auto", "off"),
                Duration.ofSeconds(keys.count("poll_seconds", 10, 1, 3_600)));
    }

    /// What starts imsg.
    List<String> rpc() {
        return host.isPresent() ? shell(command + " rpc") : List.of(command, "rpc");
    }

    /// Runs `words`, which hold nothing that is not checked or [#quoted], in the shell of the Mac. ssh asks nobody for
    /// anything, and notices when the other end is gone.
    List<String> shell(String words) {
        if (host.isEmpty()) {
            return List.of("/bin/sh", "-c", words);
        }
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        sshConfig.ifPresent(file -> command.addAll(List.of("-F", file)));
        SSH.forEach(option -> command.addAll(List.of("-o", option)));
        command.addAll(List.of("--", host.get(), words));
        return List.copyOf(command);
    }

    /// One word of a shell, whatever is in it: all but plain letters as octal numbers, so that nothing depends on
    /// what a shell, or the surroundings of this program, make of the others.
    static String quoted(String word) {
        StringBuilder plain = new StringBuilder();
        for (byte octet : word.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (octet & 0xff);
            boolean safe = letter < 0x80 && (Character.isLetterOrDigit(letter) || PLAIN.indexOf(letter) >= 0);
            plain.append(safe ? String.valueOf(letter) : "\\0%03o".formatted((int) letter));
        }
        return "\"$(printf %b '" + plain + "')\"";
    }
}
