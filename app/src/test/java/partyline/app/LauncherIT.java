package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/// Where `java -jar` begins, whatever Java it is; what an older one says is tried by `.ci/dist`.
class LauncherIT {

    private static final String JAR = System.getProperty("partyline.jar");
    private static final int JAVA_8 = 52;

    @Test
    void the_first_class_can_be_read_by_java_8() throws IOException {
        try (JarFile jar = new JarFile(JAR)) {
            String name = jar.getManifest().getMainAttributes().getValue("Main-Class");
            ZipEntry entry = jar.getEntry(name.replace('.', '/') + ".class");
            try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
                in.readInt();
                in.readUnsignedShort();

                assertThat(in.readUnsignedShort())
                        .as("class file version of " + name)
                        .isEqualTo(JAVA_8);
            }
        }
    }
}
