/**
 * What keeps the rows of the database: forcing them to the disk, a copy of each as a
 * file, and making the database anew from those.
 */
@NullMarked
package dev.reprise.database;

import org.jspecify.annotations.NullMarked;
