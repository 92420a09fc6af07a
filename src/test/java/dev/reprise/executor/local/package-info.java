@NullMarked
package dev.reprise.executor.local;

import org.jspecify.annotations.NullMarked;
