CREATE TABLE Findings (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    ROINumber int,
    Code char(6) NOT NULL CHECK (length(Code) <= 6),
    Severity varchar(8) NOT NULL CHECK (length(Severity) <= 8),
    Text mediumtext NOT NULL,
    File mediumtext,
    SOPInstanceUID varchar(255) CHECK (length(SOPInstanceUID) <= 255),
    Path mediumtext,
    Tag char(11) CHECK (length(Tag) <= 11),
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
