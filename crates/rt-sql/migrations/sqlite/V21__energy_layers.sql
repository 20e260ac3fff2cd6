CREATE TABLE EnergyLayers (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    BeamNumber int NOT NULL,
    Layer int NOT NULL,
    Energy_MeV double,
    Spots int NOT NULL,
    Weight double NOT NULL,
    Meterset double,
    MetersetUnit varchar(16) CHECK (length(MetersetUnit) <= 16),
    Paintings int,
    SpotSizeX_mm double,
    SpotSizeY_mm double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
