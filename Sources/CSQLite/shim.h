// What Swift cannot import from sqlite3.h by itself: function-like macros and variadic calls.
#ifndef PATCHBAY_CSQLITE_SHIM_H
#define PATCHBAY_CSQLITE_SHIM_H

#include <sqlite3.h>

/// Extended result codes, which sqlite3.h composes by an expression that Swift does not import.
static const int csqlite_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;
static const int csqlite_constraint_primary_key = SQLITE_CONSTRAINT_PRIMARYKEY;

/// Turns off SQLite's allocation statistics, whose global mutex readers on several threads would share, and lets a database
/// in memory have two gigabytes, which is the most that SQLite allocates in one piece, instead of one.
static inline int csqlite_configure(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMDB_MAXSIZE, (sqlite3_int64)0x7ffff000) : code;
}

/// Binds text that SQLite copies before returning (SQLITE_TRANSIENT is a cast that Swift does not import).
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

/// Binds bytes that SQLite copies before returning.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/// Lets no trigger of a connection fire (sqlite3_db_config is variadic).
static inline int csqlite_disable_triggers(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
}

/// Says whether the last connection to a file in WAL mode brings what was written into it when it is closed.
static inline int csqlite_set_checkpoint_on_close(sqlite3 *connection, int is_on) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_on, (int *)0);
}

/// Reads the beginning of a database's file past everything that SQLite knows of it, and says how many bytes there were.
static inline int csqlite_read(sqlite3 *connection, void *bytes, int length, int *count) {
    sqlite3_file *file = 0;
    sqlite3_int64 size = 0;
    int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK) code = file->pMethods->xFileSize(file, &size);
    *count = size < length ? (int)size : length;
    return code == SQLITE_OK ? file->pMethods->xRead(file, bytes, *count, 0) : code;
}

/// Writes the beginning of a database's file past everything that SQLite knows of it, which sees a change by somebody else
/// (sqlite3_file_control fills in a pointer by way of void *).
static inline int csqlite_write(sqlite3 *connection, const void *bytes, int length) {
    sqlite3_file *file = 0;
    int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return code == SQLITE_OK ? file->pMethods->xWrite(file, bytes, length, 0) : code;
}

/// Makes bytes, which SQLite copies, the result of a function: UTF-8 text, or a blob.
static inline void csqlite_result(sqlite3_context *context, const void *bytes, int length, int is_text) {
    if (is_text) {
        sqlite3_result_text(context, (const char *)bytes, length, SQLITE_TRANSIENT);
    } else {
        sqlite3_result_blob(context, bytes, length, SQLITE_TRANSIENT);
    }
}

#endif
