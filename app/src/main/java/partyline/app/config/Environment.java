package partyline.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import partyline.kernel.StartupFailure;

/// The variables that this process was given, and the credentials beside them: systemd hands over each secret as a file
/// in `$CREDENTIALS_DIRECTORY` (`LoadCredential=`), which counts as a variable of its name. A variable wins.
public final class Environment {

    private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

    private Environment() {}

    /// Those of this process.
    public static Map<String, String> read() {
        return withCredentials(System.getenv());
    }

    /// `variables` and the credentials in the folder that they name.
    ///
    /// @throws StartupFailure when one cannot be read.
    static Map<String, String> withCredentials(Map<String, String> variables) {
        String folder = variables.getOrDefault(CREDENTIALS, "");
        if (folder.isBlank()) {
            return variables;
        }
        Map<String, String> all = new HashMap<>(variables);
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.putIfAbsent(
                        file.getFileName().toString(), Files.readString(file).strip());
            }
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot read the credentials in " + folder + " (" + e + "): check " + CREDENTIALS + ".", e);
        }
        return all;
    }
}
