CREATE TABLE Imports (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    PlanUID varchar(255) NOT NULL CHECK (length(PlanUID) <= 255),
    Issuer varchar(64) CHECK (length(Issuer) <= 64),
    Digest char(64) NOT NULL CHECK (length(Digest) <= 64),
    State varchar(16) NOT NULL CHECK (length(State) <= 16),
    Supersedes smallint unsigned,
    ImportedAt_UTC datetime NOT NULL,
    ImportedBy varchar(255) CHECK (length(ImportedBy) <= 255),
    Host varchar(255) CHECK (length(Host) <= 255),
    EngineName varchar(64) CHECK (length(EngineName) <= 64),
    EngineVersion varchar(64) CHECK (length(EngineVersion) <= 64),
    DVHOptions mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID)
);
CREATE INDEX Imports_Digest ON Imports (MRN, Digest);
