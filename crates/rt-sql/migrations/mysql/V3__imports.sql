CREATE TABLE IF NOT EXISTS Imports (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    PlanUID varchar(255) NOT NULL,
    Issuer varchar(64),
    Digest char(64) NOT NULL,
    State varchar(16) NOT NULL,
    Supersedes smallint unsigned,
    ImportedAt_UTC datetime NOT NULL,
    ImportedBy varchar(255),
    Host varchar(255),
    EngineName varchar(64),
    EngineVersion varchar(64),
    DVHOptions mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID),
    KEY Imports_Digest (MRN, Digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
