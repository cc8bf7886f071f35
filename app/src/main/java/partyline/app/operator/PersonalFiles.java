package partyline.app.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import partyline.app.config.DataFolder;
import partyline.kernel.StartupFailure;
import tools.jackson.databind.JsonNode;

/// The files of a person, beside what `export` prints about them.
public final class PersonalFiles {

    private PersonalFiles() {}

    /// Copies each of `files` (id and name) that is still kept from the data folder into `target`, as
    /// `id-name`.
    ///
    /// @throws StartupFailure when one cannot be copied.
    public static void copy(Path data, JsonNode files, Path target) {
        try {
            Files.createDirectories(target);
            for (JsonNode file : files) {
                Path source = DataFolder.media(data).resolve(file.path("id").asString());
                if (Files.exists(source)) {
                    String name =
                            file.path("id").asString() + "-" + file.path("name").asString();
                    Files.copy(source, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot copy the files to " + target + " (" + e + "): choose another folder with --media.", e);
        }
    }
}
