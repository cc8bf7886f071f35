package partyline.app.config;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/// The least and the most that a whole number of the configuration may be.
@Retention(RetentionPolicy.RUNTIME)
@interface Within {

    int least();

    int most();
}
